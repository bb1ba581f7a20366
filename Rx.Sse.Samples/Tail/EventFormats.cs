using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Rx.Sse.Samples.Tail;

/// <summary>Formats an event, without the line end after it. The colors are for a terminal.</summary>
/// <param name="e">The event.</param>
/// <param name="time">When it was received.</param>
internal delegate IEnumerable<Segment> EventFormat(SseEvent e, DateTimeOffset time);

/// <summary>The formats to choose from.</summary>
internal static class EventFormats
{
    private const string Indent = "         ";

    private static readonly Style Dim = new(decoration: Decoration.Dim);
    private static readonly Style[] TypeStyles =
    [
        new(Color.Aqua), new(Color.Lime), new(Color.Yellow), new(Color.Fuchsia), new(Color.Blue), new(Color.Olive),
        new(Color.Teal),
    ];

    /// <summary>The output is not HTML: <c>'</c> and <c>é</c> need no escapes.</summary>
    private static readonly JsonWriterOptions JsonOptions =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Time, type, ID and data in one line. Data of several lines is indented below it.</summary>
    public static IEnumerable<Segment> Pretty(SseEvent e, DateTimeOffset time)
    {
        yield return new Segment(time.ToLocalTime().ToString("HH:mm:ss ", CultureInfo.InvariantCulture), Dim);
        yield return new Segment(TerminalText.Visible(e.EventType), StyleOf(e.EventType));
        if (!string.IsNullOrEmpty(e.Id))
            yield return new Segment($" {TerminalText.Visible(e.Id)}", Dim);

        string[] lines = e.Data.Split('\n');
        foreach (string line in lines)
            yield return new Segment($"{(lines.Length == 1 ? " " : $"\n{Indent}")}{TerminalText.Visible(line)}");
    }

    /// <summary>A JSON object in one line, with the same members for every event.</summary>
    public static IEnumerable<Segment> Json(SseEvent e, DateTimeOffset time)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, JsonOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("time", time.UtcDateTime);
            writer.WriteString("event", e.EventType);
            writer.WriteString("lastEventId", e.LastEventId);
            writer.WriteString("data", e.Data);
            writer.WriteEndObject();
        }

        return [new Segment(TerminalText.VisibleJson(Encoding.UTF8.GetString(json.WrittenSpan)))];
    }

    /// <summary>The data alone, unchanged except for what a terminal would interpret as a command.</summary>
    public static EventFormat Raw(bool isForTerminal) =>
        (e, _) => [new Segment(isForTerminal ? TerminalText.VisibleLines(e.Data) : e.Data)];

    /// <summary>Returns the same style for the same type, in every run.</summary>
    private static Style StyleOf(string type) => type == SseEvent.DefaultEventType
        ? Style.Plain
        : TypeStyles[(int)(type.Aggregate(0u, (sum, c) => unchecked(sum + c)) % TypeStyles.Length)];
}
