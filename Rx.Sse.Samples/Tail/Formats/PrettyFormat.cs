using System.Globalization;
using Rx.Sse.Samples.Tail.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Rx.Sse.Samples.Tail.Formats;

/// <summary>For the eye: time, type, ID, data; data of several lines stands below them.</summary>
internal sealed class PrettyFormat : IEventFormat
{
    private const string Indent = "         ";

    private static readonly Style Dim = new(decoration: Decoration.Dim);
    private static readonly Style[] TypeStyles =
    [
        new(Color.Aqua), new(Color.Lime), new(Color.Yellow), new(Color.Fuchsia), new(Color.Blue), new(Color.Olive),
        new(Color.Teal),
    ];

    public IEnumerable<Segment> Format(SseEvent e, DateTimeOffset time)
    {
        yield return new Segment(time.ToLocalTime().ToString("HH:mm:ss ", CultureInfo.InvariantCulture), Dim);
        yield return new Segment(TerminalText.Visible(e.EventType), StyleOf(e.EventType));
        if (!string.IsNullOrEmpty(e.Id))
            yield return new Segment($" {TerminalText.Visible(e.Id)}", Dim);

        string[] lines = e.Data.Split('\n');
        foreach (string line in lines)
            yield return new Segment($"{(lines.Length == 1 ? " " : $"\n{Indent}")}{TerminalText.Visible(line)}");
    }

    /// <summary>The same for the same type, in every run.</summary>
    private static Style StyleOf(string type) => type == SseEvent.DefaultEventType
        ? Style.Plain
        : TypeStyles[(int)(type.Aggregate(0u, (sum, c) => unchecked(sum + c)) % TypeStyles.Length)];
}
