using System.Globalization;
using Spectre.Console;

namespace Rx.Sse.Samples.Tail.Output;

/// <summary>Follows the signals of a stream, and describes its state. The caller passes the time.</summary>
internal sealed class Status
{
    private readonly RateMeter _rate = new();

    /// <summary>The last change of the connection, and when it happened.</summary>
    private SseSignal _change = new SseConnecting();
    private DateTimeOffset _changeTime;

    private int _eventCount;
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
            (_change, _changeTime) = (signal, now);
    }

    public StatusText At(DateTimeOffset now) => _change switch
    {
        SseConnecting connecting => new("connecting", Color.Yellow, $"to {connecting.Address}"),
        SseDisconnected lost => new(
            Reconnecting(lost, now - _changeTime), Color.Red, Because(lost.Reason.GetBaseException())),
        _ => new("live", Color.Green, Figures(now)),
    };

    /// <summary>Describes the wait for the next attempt. The seconds are rounded up, and never 0.</summary>
    public static string Reconnecting(SseDisconnected lost, TimeSpan passed) => lost.Delay is { } delay
        ? $"reconnecting in {Math.Max(1, Math.Ceiling((delay - passed).TotalSeconds)):0} s"
        : "reconnecting";

    /// <summary>Pass the innermost exception where there is little room: it has the cause, and no address.</summary>
    public static string Because(Exception error)
    {
        string reason = CommandLine.InWords(error).TrimEnd('.');
        return $"because {char.ToLowerInvariant(reason[0])}{reason[1..]}";
    }

    private string Figures(DateTimeOffset now)
    {
        string figures = string.Create(
            CultureInfo.InvariantCulture, $"{_rate.PerSecond(now):0.0} events/s, {_eventCount} so far");
        return _lastEventId.Length == 0 ? figures : $"{figures}, last ID {_lastEventId}";
    }
}
