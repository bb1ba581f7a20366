using static Rx.Sse.Tests.Golden.Answer;

namespace Rx.Sse.Tests.Golden.Stories;

/// <summary>Requests with a method that is not safe, and each way in which they can end.</summary>
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
            [.. Ends.Select(end => Post(end.Title, end.Answer, SseEndOfStream.Reconnect, SseResend.Always))]),

        new("post-reconnect-without-resend", "EndOfStream = Reconnect alone does not send a POST again.",
            [.. Ends.Take(4).Select(end => Post(end.Title, end.Answer, SseEndOfStream.Reconnect))]),

        new("post-resend-when-refused", "Resend = WhenRefused: a POST is sent again if the server has not acted on it.",
            [.. Ends.Select(end => Post(end.Title, end.Answer, resend: SseResend.WhenRefused))]),

        new("post-fail", "EndOfStream = Fail: a POST must not end before the client has left.",
            [.. Ends.Take(4).Select(end => Post(end.Title, end.Answer, SseEndOfStream.Fail))]),

        new("post-complete", "EndOfStream = Complete, which is the default for a POST.",
            [.. Ends.Take(4).Select(end => Post(end.Title, end.Answer, SseEndOfStream.Complete))]),

        new("post-then-get", "A factory can send a POST first and resume by GET.",
            new Act(Open().Send(1, "id: 7\ndata: a\n\n").Reset(2), Open().Send(1, "id: 8\ndata: b\n\n").End(2), Open())
            {
                Request = _ => PostThenGet(),
                Options = (o, _) => o with { EndOfStream = SseEndOfStream.Reconnect },
                Until = 20,
            }),

        new(
            "post-then-get-refused",
            "A POST that is refused is not sent again, also by a factory that is asked for each attempt.",
            [.. Ends.Where(end => end.Title is "503" or "refused" or "reset before the head").SelectMany(end => new[]
            {
                PostOrGet($"{end.Title}, Never", SseResend.Never, end.Answer),
                PostOrGet($"{end.Title}, WhenRefused", SseResend.WhenRefused, end.Answer),
            })]),
    ];

    private static SseRequest PostThenGet() => SseRequest.Create(attempt => attempt.ConnectionCount == 0
        ? new HttpRequestMessage(HttpMethod.Post, "/stream") { Content = new StringContent("question") }
        : new HttpRequestMessage(HttpMethod.Get, "/stream"));

    private static Act PostOrGet(string title, SseResend resend, Answer answer) =>
        new(answer, Open().Send(1, "id: 7\ndata: a\n\n").Reset(1), Open())
        {
            Title = title,
            Request = _ => PostThenGet(),
            Options = (o, _) => o with { Resend = resend },
            Until = 17,
        };

    private static Act Post(
        string title,
        Answer answer,
        SseEndOfStream? endOfStream = null,
        SseResend resend = SseResend.Never) => new(answer, Open())
        {
            Title = title,
            Request = stage => SseRequest.Post("/stream", () =>
            {
                stage.Note("content asked for");
                return new StringContent("question");
            }),
            Options = (o, _) => o with
            {
                EndOfStream = endOfStream,
                Resend = resend,
                IdleTimeout = TimeSpan.FromSeconds(15),
            },
            Until = 17,
        };
}
