using Rx.Sse.Samples.Tail.Output;
using Spectre.Console.Rendering;

namespace Rx.Sse.Samples.Tail.Formats;

/// <summary>The data alone. Unchanged, except on a terminal, which would obey it.</summary>
internal sealed class RawFormat(bool isForTerminal) : IEventFormat
{
    public IEnumerable<Segment> Format(SseEvent e, DateTimeOffset time) =>
        [new Segment(isForTerminal ? TerminalText.VisibleLines(e.Data) : e.Data)];
}
