using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rx.Sse.Samples.Tail.Output;
using Spectre.Console.Rendering;

namespace Rx.Sse.Samples.Tail.Formats;

/// <summary>One JSON object on one line, with the same members for every event.</summary>
internal sealed class JsonFormat : IEventFormat
{
    /// <summary>Not for HTML: a <c>'</c> or an <c>é</c> stays what it is.</summary>
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public IEnumerable<Segment> Format(SseEvent e, DateTimeOffset time)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, Options))
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
}
