using System.Globalization;
using Spectre.Console;

namespace Rx.Sse.Samples.Tail.Output;

/// <summary>What a status line says: the state of the connection, and more about it.</summary>
internal readonly record struct StatusText(string State, Color Color, string Details);

/// <summary>Follows what happens on a stream, and puts it into words. Has no clock: it is told the time.</summary>
internal sealed class Status
{
    private readonly RateMeter _rate = new();

    /// <summary>The last thing that happened to the connection.</summary>
    private SseSignal _signal = new SseConnecting();

    /// <summary>When it happened, to count down from.</summary>
    private DateTimeOffset _since;

    private int _eventCount;

    /// <summary>What to name in order to resume by hand.</summary>
    private string _lastEventId = "";

    public void Add(SseSignal signal, DateTimeOffset now)
    {
        if (signal is SseEvent e)
        {
            _rate.Add(now);
            _eventCount++;
            _lastEventId = e.LastEventId;
        }
        else if (signal is not SseComment)
            (_signal, _since) = (signal, now);
    }

    public StatusText At(DateTimeOffset now) => _signal switch
    {
        SseConnecting connecting => new("connecting", Color.Yellow, $"to {connecting.Address}"),
        SseDisconnected lost => new(Reconnecting(lost, now - _since), Color.Red, Because(lost)),
        _ => new("live", Color.Green, Figures(now)),
    };

    /// <summary>The end of the delay is when the next attempt begins, so there is no zero.</summary>
    public static string Reconnecting(SseDisconnected lost, TimeSpan passed) => lost.Delay is { } delay
        ? $"reconnecting in {Math.Max(1, Math.Ceiling((delay - passed).TotalSeconds)):0} s"
        : "reconnecting";

    public static string Because(SseDisconnected lost)
    {
        string reason = CommandLine.InWords(lost.Reason).TrimEnd('.');
        return $"because {char.ToLowerInvariant(reason[0])}{reason[1..]}";
    }

    private string Figures(DateTimeOffset now)
    {
        string figures = string.Create(
            CultureInfo.InvariantCulture, $"{_rate.PerSecond(now):0.0} events/s, {_eventCount} so far");
        return _lastEventId.Length == 0 ? figures : $"{figures}, last ID {_lastEventId}";
    }
}
