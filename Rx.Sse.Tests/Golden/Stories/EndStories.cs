using System.Globalization;
using static Rx.Sse.Tests.Golden.Answer;

namespace Rx.Sse.Tests.Golden.Stories;

/// <summary>The regular end of a response.</summary>
internal static class EndStories
{
    private static readonly Answer Regular = Open().Send(1, "id: 7\ndata: a\n\nid: 8\ndata: unfinished").End(2);

    public static GoldenStory[] All { get; } =
    [
        new("end", "The regular end of a GET, by EndOfStream.",
            End("default", Regular, null),
            End("Reconnect", Regular, SseEndOfStream.Reconnect),
            End("Complete", Regular, SseEndOfStream.Complete),
            End("Fail", Regular, SseEndOfStream.Fail),
            End("Fail, with an empty response", Open().End(1), SseEndOfStream.Fail),
            End("Fail, with bytes that are no events", Open().Send(1, "{\"error\":1}\n").End(1), SseEndOfStream.Fail),
            End("Complete, but it is reset", Open().Send(1, "data: a\n\n").Reset(2), SseEndOfStream.Complete),
            End("Fail, but it is reset", Open().Send(1, "data: a\n\n").Reset(2), SseEndOfStream.Fail)),

        new("end-without-length",
            "A response without a length ends with its connection: nobody can tell the end from a cut.",
            new Act(
                Silent.Head(200, "text/event-stream", framing: Framing.UntilClose)
                    .Send(1, "data: a\n\ndata: unfinished")
                    .End(2),
                Open())
            {
                Until = 8,
            }),

        new("end-content-length",
            "A response with a length ends with its last byte.",
            Length("as long as it says", 18, SseEndOfStream.Complete),
            Length("longer", 9, SseEndOfStream.Complete),
            Length("longer, and ends within an event", 12, SseEndOfStream.Complete),
            Length("empty", 0, SseEndOfStream.Complete),
            Length("nonsense", null, SseEndOfStream.Complete),
            new Act(Open(0, "text/event-stream", ("Content-Length", "100")).Send(1, "data: a\n\n").Reset(2), Open())
            {
                Title = "reset",
                Until = 8,
            },
            new Act(Status(400, "too long for it", "text/plain", ("Content-Length", "8"))) { Title = "error body" },
            new Act(Status(400, "too short for it", "text/plain", ("Content-Length", "80")))
            {
                Title = "error body that is cut off",
            }),

        new("end-content-length-not-reached", "A response that is shorter than it says is a drop.",
            Length("Complete", 100, SseEndOfStream.Complete),
            Length("default", 100, null))
        {
            // The netstandard2.0 build does not support HttpIOException.
            Category = "NotNetStandard",
        },

        new("end-without-body", "What has no body by the rules of HTTP, whatever the server sends.",
            new Act(Status(204, "data: a\n\n", "text/event-stream")) { Title = "204" },
            new Act(Status(304, "nothing new", "text/plain")) { Title = "304" },
            Head("HEAD", null),
            Head("HEAD, Complete", SseEndOfStream.Complete)),

        new("end-unfinished-event", "What has no blank line at the end is not dispatched.",
            End("no line end", Open().Send(1, "data: a\n\ndata: b").End(1), SseEndOfStream.Complete),
            End("a line end", Open().Send(1, "data: a\n\ndata: b\n").End(1), SseEndOfStream.Complete),
            End("CR at the end", Open().Send(1, "data: a\n\ndata: b\r").End(1), SseEndOfStream.Complete),
            End("CR CR at the end", Open().Send(1, "data: a\n\ndata: b\r\r").End(1), SseEndOfStream.Complete)),

        new("end-declined",
            "Where the policy does not try again, a regular end completes the stream, and a drop fails it.",
            new Act(Regular) { Title = "Never, end", Options = (o, _) => o.Never() },
            new Act(Open().Send(1, "data: a\n\n").Reset(2)) { Title = "Never, reset", Options = (o, _) => o.Never() },
            new Act(Refuse) { Title = "Never, refused", Options = (o, _) => o.Never() },
            new Act(Status(503)) { Title = "Never, 503", Options = (o, _) => o.Never() },
            new Act(Regular)
            {
                Title = "Never, EndOfStream = Reconnect",
                Options = (o, _) => o.Never() with { EndOfStream = SseEndOfStream.Reconnect },
            },
            new Act(Regular)
            {
                Title = "ShouldHandle declines the end",
                Options = (o, _) => o.Reconnect(shouldHandle: error => error is not (null or SseEndOfStreamException)),
            }),
    ];

    private static Act Head(string title, SseEndOfStream? endOfStream) =>
        End(title, Open().Send(1, "data: a\n\n").End(1), endOfStream) with
        {
            Request = _ => SseRequest.Create(() => new HttpRequestMessage(HttpMethod.Head, "/stream")),
        };

    /// <summary>Two events of nine bytes each, one per second.</summary>
    private static Act Length(string title, int? length, SseEndOfStream? endOfStream) => End(
        title,
        Open(0, "text/event-stream", ("Content-Length", length?.ToString(CultureInfo.InvariantCulture) ?? "x"))
            .Send(1, "data: a\n\n")
            .Send(2, "data: b\n\n")
            .End(3),
        endOfStream);

    private static Act End(string title, Answer answer, SseEndOfStream? endOfStream) => new(answer, Open())
    {
        Title = title,
        Options = (o, _) => o with { EndOfStream = endOfStream },
        Until = 8,
    };
}
