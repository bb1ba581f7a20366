using System.Reactive.Concurrency;
using Spectre.Console.Rendering;

namespace Rx.Sse.Samples.Tail.Output;

/// <summary>For a terminal: the events, and a status line below the last one.</summary>
internal sealed class TerminalScreen(StatusLine line, EventFormat format, IScheduler clock) : IScreen
{
    private readonly Lock _gate = new();
    private readonly Status _status = new();

    /// <summary>The status on the screen, which is drawn again only when it has changed.</summary>
    private StatusText _drawn;

    private bool _isClosed;

    public void Write(SseEvent e)
    {
        lock (_gate)
        {
            _status.Add(e, clock.Now);
            Draw_NeedsLock([.. format(e, clock.Now), Segment.LineBreak]);
        }
    }

    public void Show(SseSignal signal)
    {
        lock (_gate)
        {
            _status.Add(signal, clock.Now);
            Draw_NeedsLock([]);
        }
    }

    public void Refresh()
    {
        lock (_gate)
        {
            if (_drawn != _status.At(clock.Now))
                Draw_NeedsLock([]);
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Draw_NeedsLock([]);
        }
    }

    private void Draw_NeedsLock(IEnumerable<Segment> above)
    {
        _drawn = _status.At(clock.Now);
        if (_isClosed)
            line.Erase(above);
        else
            line.Draw(_drawn, above);
    }
}
