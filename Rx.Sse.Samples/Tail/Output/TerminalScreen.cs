using System.Reactive.Concurrency;
using System.Text;
using Rx.Sse.Samples.Tail.Formats;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Rx.Sse.Samples.Tail.Output;

/// <summary>For a terminal: the events, and below the last one a line that says how the stream is.</summary>
internal sealed class TerminalScreen(IAnsiConsole console, IEventFormat format, IScheduler clock) : IScreen
{
    /// <summary>
    /// For the <c>^C</c> of an interrupt, and one that stays empty: what goes on the next line is not erased with this
    /// one.
    /// </summary>
    private const int FreeColumns = 3;

    private static readonly Segment EraseLine = Segment.Control("\r\u001b[2K");

    private readonly Lock _gate = new();
    private readonly Status _status = new();

    /// <summary>The status that stands there, to draw it only when there is something new.</summary>
    private StatusText _drawn;

    /// <summary>So that an event which was under way while it was closed brings no status back.</summary>
    private bool _isClosed;

    public void Write(SseEvent e)
    {
        lock (_gate)
        {
            _status.Add(e, clock.Now);
            Draw_NeedsLock([.. format.Format(e, clock.Now), Segment.LineBreak]);
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

    /// <summary>In one go, so that nothing flickers.</summary>
    private void Draw_NeedsLock(IEnumerable<Segment> above)
    {
        _drawn = _status.At(clock.Now);
        console.Write(new Line([EraseLine, .. above, .. _isClosed ? [] : StatusLine(_drawn)]));
    }

    private IEnumerable<Segment> StatusLine(StatusText status)
    {
        string state = $" {status.State} ";
        string details = Crop(
            TerminalText.Visible($" {status.Details}"), console.Profile.Width - FreeColumns - state.Length);
        return
        [
            new Segment(state, new Style(Color.Black, status.Color)),
            new Segment(details, new Style(decoration: Decoration.Dim)),
        ];
    }

    private static string Crop(string text, int width)
    {
        int length = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            // At least one, so that marks without a width do not make the line endless.
            width -= Math.Max(1, rune.ToString().GetCellWidth());
            if (width < 0)
                break;
            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }

    /// <summary>
    /// Segments as they are, where all that Spectre has ready-made would wrap them: a long line that the terminal wraps
    /// is copied as one.
    /// </summary>
    private sealed class Line(IEnumerable<Segment> segments) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => new(maxWidth, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => segments;
    }
}
