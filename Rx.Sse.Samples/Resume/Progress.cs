using Rx.Sse.Samples.Tail.Output;
using Color = Spectre.Console.Color;

namespace Rx.Sse.Samples.Resume;

/// <summary>
/// Shows the progress: in a status line on a terminal; elsewhere as a line for each change of the connection, and about
/// ten lines on the way.
/// </summary>
/// <param name="stored">The number of events that are stored already.</param>
/// <param name="expected">The number of events to store; null for no end.</param>
internal sealed class Progress(long stored, int? expected)
{
    private const int EventsPerLineWithoutEnd = 1000;

    private readonly StatusLine? _line = StatusLine.TryCreate(Console.Out);
    private int _outages;

    private string Stored => $"{stored}{(expected is null ? "" : $" of {expected}")} events stored";

    private string Outages => _outages switch
    {
        0 => "",
        1 => ", connection lost once",
        _ => $", connection lost {_outages} times",
    };

    public void Show(SseSignal signal)
    {
        if (signal is SseDisconnected lost)
        {
            _outages++;
            string wait = Status.Reconnecting(lost, TimeSpan.Zero);
            _line?.Draw(new StatusText(
                wait, Color.Red, $"{Stored}, {Status.Because(lost.Reason.GetBaseException())}"));
            if (_line is null)
                Console.WriteLine(TerminalText.Visible($"{Stored}; {wait} {Status.Because(lost.Reason)}"));
        }
        else if (signal is SseOpened)
        {
            DrawLive();
            if (_line is null && _outages > 0)
                Console.WriteLine($"{Stored}; connected again");
        }
    }

    public void Add(long nowStored)
    {
        stored = nowStored;
        DrawLive();
        int eventsPerLine = expected is { } all ? Math.Max(1, all / 10) : EventsPerLineWithoutEnd;
        if (_line is null && stored % eventsPerLine == 0 && stored != expected)
            Console.WriteLine(Stored);
    }

    /// <summary>Removes the status line.</summary>
    public void End() => _line?.Erase();

    private void DrawLive() => _line?.Draw(new StatusText("live", Color.Green, $"{Stored}{Outages}"));
}
