using static Rx.Sse.Tests.Golden.Answer;

namespace Rx.Sse.Tests.Golden.Stories;

/// <summary>A request that is not safe, and each way in which it can end.</summary>
internal static class PostStories
{
    private static readonly (string Title, Answer Answer)[] Ends =
    [
        ("regular end", Open().Send(1, "id: 7\ndata: a\n\n").End(2)),
        ("end in the middle of an event", Open().Send(1, "id: 7\ndata: a\n\ndata: b").End(2)),
        ("reset after an event", Open().Send(1, "id: 7\ndata: a\n\n").Reset(2)),
        ("cut off after an event", Open().Send(1, "id: 7\ndata: a\n\n").Cut(2)),
        ("reset after the head", Open().Reset(1)),
        ("reset before the head", Silent.Reset(1)),
        ("closed before the head", Silent.Cut(1)),
        ("closed within the head", Silent.PartOfHead(1).Cut(1)),
        ("refused", Refuse),
        ("503", Status(503)),
        ("401", Status(401)),
        ("429 with Retry-After", Status(429, headers: ("Retry-After", "10"))),
        ("204", Status(204, contentType: null)),
        ("silence", Open().Send(1, "id: 7\ndata: a\n\n")),
    ];

    public static GoldenStory[] All { get; } =
    [
        new("post", "A POST ends with its response, and is not sent again by itself.",
            [.. Ends.Select(end => Post(end.Title, end.Answer))]),

        new("post-reconnect", "EndOfStream = Reconnect: a POST is sent again, its body and the last event ID with it.",
            [.. Ends.Select(end => Post(end.Title, end.Answer, SseEndOfStream.Reconnect))]),

        new("post-fail", "EndOfStream = Fail: a POST must not end before the client has left.",
            [.. Ends.Take(4).Select(end => Post(end.Title, end.Answer, SseEndOfStream.Fail))]),

        new("post-complete", "EndOfStream = Complete, which is the default for a POST.",
            [.. Ends.Take(4).Select(end => Post(end.Title, end.Answer, SseEndOfStream.Complete))]),

        new("post-then-get", "A factory can send a POST first and resume by GET.",
            new Act(Open().Send(1, "id: 7\ndata: a\n\n").Reset(2), Open().Send(1, "id: 8\ndata: b\n\n").End(2), Open())
            {
                Request = _ =>
                {
                    int asked = 0;
                    return SseRequest.Create(() => ++asked == 1
                        ? new HttpRequestMessage(HttpMethod.Post, "/stream") { Content = new StringContent("question") }
                        : new HttpRequestMessage(HttpMethod.Get, "/stream"));
                },
                Options = (o, _) => o with { EndOfStream = SseEndOfStream.Reconnect },
                Until = 20,
            }),
    ];

    private static Act Post(string title, Answer answer, SseEndOfStream? endOfStream = null) => new(answer, Open())
    {
        Title = title,
        Request = stage => SseRequest.Post("/stream", () =>
        {
            stage.Note("content asked for");
            return new StringContent("question");
        }),
        Options = (o, _) => o with { EndOfStream = endOfStream, IdleTimeout = TimeSpan.FromSeconds(15) },
        Until = 17,
    };
}
