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

    private static Act End(string title, Answer answer, SseEndOfStream? endOfStream) => new(answer, Open())
    {
        Title = title,
        Options = (o, _) => o with { EndOfStream = endOfStream },
        Until = 8,
    };
}
