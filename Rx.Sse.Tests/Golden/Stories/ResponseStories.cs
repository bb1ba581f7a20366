using System.IO.Compression;
using System.Net;
using System.Text;
using static Rx.Sse.Tests.Golden.Answer;

namespace Rx.Sse.Tests.Golden.Stories;

/// <summary>Statuses, content types, encodings, and the bodies of errors.</summary>
internal static class ResponseStories
{
    private static readonly int[] Statuses =
    [
        201, 202, 203, 205, 206, 300, 301, 304, 305, 399,
        400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418,
        421, 422, 423, 424, 425, 426, 428, 429, 431, 451, 499,
        500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511, 520, 521, 522, 523, 524, 529, 530, 599, 600, 999,
    ];

    public static GoldenStory[] All { get; } =
    [
        new("status",
            "Which status is tried again by default, and which is final. The content type is right each time.",
            [.. Statuses.Select(status => new Act(Status(status, contentType: "text/event-stream"), Open())
            {
                Title = $"{status}",
                Until = 5,
            })])
        {
            // On .NET Framework, some statuses have other names or none.
            Category = "NotNetFramework",
        },

        new("status-204", "204 completes the stream, whenever it comes.",
            new Act(Status(204, contentType: null)) { Title = "at first" },
            new Act(Status(204, contentType: "text/event-stream")) { Title = "with a content type" },
            new Act(Refuse, Status(204, contentType: null)) { Title = "after a failure" },
            new Act(Open().Send(1, "data: a\n\n").Reset(1), Status(204, contentType: null)) { Title = "after events" }),

        new("status-while-reconnecting",
            "Statuses that are tried again belong to one run of failures, and a final one ends it.",
            new Act(
                Open().Send(1, "id: 7\ndata: a\n\n").Reset(1),
                Status(408),
                Status(429),
                Status(500),
                Status(502),
                Status(503),
                Status(504),
                Status(404))
            {
                Until = 300,
            }),

        new("status-error-body", "The body of a refused response is there to be read, within limits.",
            new Act(Status(400, "{\"error\":\"käse\"}", "application/json")) { Title = "JSON" },
            new Act(
                Silent.Head(400, "text/plain; charset=iso-8859-1")
                    .Send(0, Encoding.Latin1.GetBytes("käse"), "\"käse\" in Latin-1")
                    .End(0))
            {
                Title = "Latin-1",
            },
            new Act(Silent.Head(400, "text/plain; charset=nonsense").Send(0, "käse").End(0))
            {
                Title = "an unknown charset",
            },
            new Act(Silent.Head(400, "text/plain").Send(0, [0xEF, 0xBB, 0xBF, .. "a"u8], "BOM and \"a\"").End(0))
            {
                Title = "with a BOM",
            },
            new Act(Silent.Head(400, "text/plain").Send(0, new string('x', 70_000)).End(1))
            {
                Title = "of 70,000 bytes",
            },
            new Act(Silent.Head(400, "text/plain").Send(1, "so far").Send(6, "too late").End(7))
            {
                Title = "that takes longer than 5 s",
            },
            new Act(Silent.Head(503, "text/plain", headers: ("Retry-After", "10")).Send(1, "so far").Reset(2), Open())
            {
                Title = "that breaks off",
            },
            new Act(Silent.Head(400, "text/plain", framing: Framing.UntilClose).Send(1, "so far").End(2))
            {
                Title = "without a length",
            }),

        new("content-type", "Which content types are an event stream.",
            Type("text/event-stream"),
            Type("Text/Event-Stream"),
            Type("text/event-stream; charset=utf-8"),
            Type("text/event-stream;charset=UTF-8"),
            Type("text/event-stream; charset=iso-8859-1"),
            Type("text/event-stream; charset=\"utf-8\""),
            Type("text/event-stream;"),
            Type("text/event-stream; ;x"),
            Type("text/event-stream; charset"),
            Type("text/event-stream ; a=b"),
            Type("text/event-stream, text/html"),
            Type("text/html, text/event-stream"),
            Type("text/event-stream; charset=utf-8, text/event-stream"),
            Type("text/event-stream, nonsense"),
            Type("nonsense, text/event-stream"),
            Type("text/event-stream charset=utf-8"),
            Type("text/html; x=\", text/event-stream\""),
            Type("text/event-stream, */*"),
            Type("text/event-streams"),
            Type("text/event"),
            Type("text/plain"),
            Type("application/json"),
            Type("application/x-ndjson"),
            Type("text"),
            Type("nonsense"),
            Type("") with { Title = "empty" },
            Type(null)),

        new("content-type-is-final", "A wrong content type is not tried again, and Retry-After does not matter.",
            new Act(
                Open().Send(1, "data: a\n\n").Reset(1),
                Silent.Head(200, "text/html", headers: ("Retry-After", "5")).Send(0, "<p>Log in").End(0),
                Open())),

        new("content-encoding", "A response that is still encoded when it reaches the library.",
            new Act(Compressed("gzip", Gzip), Open()) { Title = "gzip", Until = 2 },
            new Act(Open(0, "text/event-stream", ("Content-Encoding", "identity")).Send(1, "data: a\n\n"))
            {
                Title = "identity",
                Until = 2,
            },
            new Act(Compressed("gzip", Gzip), Open())
            {
                Title = "gzip, decoded by the handler",
                Handler = handler => handler.AutomaticDecompression = DecompressionMethods.All,
                SocketsOnly = "the scripted server is a handler that decodes nothing",
                Until = 2,
            },
            new Act(Silent.Head(400, "text/plain", headers: ("Content-Encoding", "gzip")).Send(0, "not read"))
            {
                Title = "an error",
            }),

        new("to-sse-observable", "A response in hand, which is never requested again.",
            Response("regular end", Open().Send(1, "id: 7\ndata: a\n\ndata: cut").End(2)),
            Response("reset", Open().Send(1, "data: a\n\n").Reset(2)),
            Response("503", Status(503, "later", headers: ("Retry-After", "10"))),
            Response("204", Status(204, contentType: null)),
            Response("201", Silent.Head(201, "text/event-stream").Send(1, "data: a\n\n").End(2)),
            Response("wrong content type", Silent.Head(200, "text/plain").Send(0, "data: a\n\n").End(0)),
            Response(
                "its body alone, whatever the content type is",
                Silent.Head(200, "text/plain").Send(1, "data: a\n\n").End(2)) with
            {
                Source = Sources.Body,
            },
            Response("EndOfStream = Fail", Open().Send(1, "data: a\n\n").End(2)) with
            {
                Options = (o, _) => o with { EndOfStream = SseEndOfStream.Fail },
            },
            Response("EndOfStream = Reconnect", Open().Send(1, "data: a\n\n").End(2)) with
            {
                Options = (o, _) => o with { EndOfStream = SseEndOfStream.Reconnect },
            },
            Response("idle timeout", Open().Send(1, "data: a\n\n")) with
            {
                Options = (o, _) => o with { IdleTimeout = TimeSpan.FromSeconds(5) },
            },
            Response("last event ID from the options", Open().Send(1, "data: a\n\n").End(2)) with
            {
                Options = (o, _) => o with { LastEventId = "7" },
            },
            Response("the client leaves", Open().Send(1, "data: a\n\n").Send(10, "data: b\n\n")) with
            {
                At = [(5, stage => stage.Leave())],
            }),
    ];

    private static Act Type(string? contentType) => new(Open(0, contentType).Send(0, "data: a\n\n").End(0))
    {
        Title = contentType ?? "missing",
        Until = 1,
    };

    private static Act Response(string title, Answer answer) => new(answer)
    {
        Title = title,
        Source = Sources.Response,
        Until = 20,
    };

    private static Answer Compressed(string encoding, Func<byte[], byte[]> compress) =>
        Open(0, "text/event-stream", ("Content-Encoding", encoding))
            .Send(1, compress("data: a\n\n"u8.ToArray()), $"{encoding} of \"data: a\\n\\n\"")
            .End(1);

    private static byte[] Gzip(byte[] bytes)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.NoCompression))
            gzip.Write(bytes);
        return compressed.ToArray();
    }
}
