using System.Reactive.Concurrency;
using System.Text;
using Spectre.Console.Rendering;

namespace Rx.Sse.Samples.Tail.Output;

/// <summary>
/// For a pipe, a file, or a terminal that cannot move its cursor. Standard output has only the events; what happens to
/// the connection goes to standard error.
/// </summary>
internal sealed class PlainScreen(Stream output, TextWriter errors, EventFormat format, IScheduler clock) : IScreen
{
    /// <summary>Writes an event as a whole and flushes it, so that a reader of the pipe sees no half event.</summary>
    public void Write(SseEvent e)
    {
        var text = new StringBuilder();
        foreach (Segment segment in format(e, clock.Now))
            text.Append(segment.Text);
        output.Write(Encoding.UTF8.GetBytes(text.Append('\n').ToString()));
        output.Flush();
    }

    public void Show(SseSignal signal)
    {
        if (signal is SseDisconnected lost)
            errors.WriteLine(
                TerminalText.Visible($"{Status.Reconnecting(lost, TimeSpan.Zero)} {Status.Because(lost.Reason)}"));
    }
}
