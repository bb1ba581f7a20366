using static Rx.Sse.Tests.Golden.Answer;

namespace Rx.Sse.Tests.Golden.Stories;

/// <summary>What the server says about delays: the retry field and the Retry-After header.</summary>
internal static class RetryStories
{
    public static GoldenStory[] All { get; } =
    [
        new("retry-field", "Which values of retry count, and from when on.",
            Retry("valid", "retry: 5000\n\n"),
            Retry("with an event", "retry: 5000\ndata: a\n\n"),
            Retry("in a block that is cut off", "retry: 5000\ndata: cut"),
            Retry("in a line that is cut off", "retry: 5000"),
            Retry("zero", "retry: 0\n\n"),
            Retry("less than the floor", "retry: 99\n\n"),
            Retry("leading zeros", "retry: 0005000\n\n"),
            Retry("huge", "retry: 99999999999999999999\n\n"),
            Retry("as large as a TimeSpan in ms", "retry: 922337203685477\ndata: a\n\n"),
            Retry("letters", "retry: 5000ms\n\n"),
            Retry("negative", "retry: -5000\n\n"),
            Retry("with a sign", "retry: +5000\n\n"),
            Retry("a fraction", "retry: 5000.5\n\n"),
            Retry("empty", "retry:\n\n"),
            Retry("a second space", "retry:  5000\n\n"),
            Retry("a space after", "retry: 5000 \n\n"),
            Retry("Arabic digits", "retry: \u0665\u0660\u0660\u0660\n\n"),
            Retry("the last of several counts", "retry: 5000\nretry: 7000\n\n"),
            Retry("an invalid one after it", "retry: 5000\nretry: x\n\n")),

        new("retry-field-as-base", "retry is the base of the backoff, and raises its limit.",
            new Act(Open().Send(0, "retry: 1000\n\n").Reset(0), Refuse) { Title = "1 s", Until = 130 },
            new Act(Open().Send(0, "retry: 20000\n\n").Reset(0), Refuse) { Title = "20 s", Until = 130 },
            new Act(Open().Send(0, "retry: 40000\n\n").Reset(0), Refuse) { Title = "40 s", Until = 130 }),

        new("retry-field-survives", "retry stays until the server sets another, also between failures.",
            new Act(
                Open().Send(0, "retry: 1000\ndata: a\n\n").Reset(0),
                Refuse,
                Open().Send(0, "data: b\n\n").Reset(0),
                Open().Send(0, "retry: 2000\n\n").Reset(0),
                Status(503),
                Open())
            {
                Until = 30,
            }),

        new("retry-after", "Retry-After is a lower bound of the delay.",
            RetryAfter("seconds", "20"),
            RetryAfter("less than the delay", "1"),
            RetryAfter("zero", "0"),
            RetryAfter("a fraction", "7.5"),
            RetryAfter("negative", "-5"),
            RetryAfter("nonsense", "soon"),
            RetryAfter("empty", ""),
            RetryAfter("a date", "Thu, 01 Jan 2026 00:00:20 GMT"),
            RetryAfter("a date in the past", "Wed, 31 Dec 2025 23:59:00 GMT"),
            RetryAfter("a date of an old form", "Thursday, 01-Jan-26 00:00:20 GMT"),
            RetryAfter(
                "a date, by a clock that is an hour ahead",
                "Thu, 01 Jan 2026 01:00:20 GMT",
                ("Date", "Thu, 01 Jan 2026 01:00:00 GMT")),
            RetryAfter("seconds, by a clock that is an hour ahead", "20", ("Date", "Thu, 01 Jan 2026 01:00:00 GMT")),
            new Act(
                Silent.Head(503, null, 0.6, headers: ("Retry-After", "Thu, 01 Jan 2026 00:00:20 GMT")).End(0.6),
                Open())
            {
                Title = "a date, by the clock of the server, which has whole seconds",
                Until = 25,
            },
            RetryAfter("huge", "99999999"),
            RetryAfter("beyond an int", "99999999999")),

        new("retry-after-elsewhere", "With which other responses Retry-After counts.",
            new Act(Status(429, headers: ("Retry-After", "20")), Open()) { Title = "429", Until = 30 },
            new Act(Status(404, headers: ("Retry-After", "20")), Open()) { Title = "404", Until = 30 },
            new Act(Open(0, "text/event-stream", ("Retry-After", "20")).Send(1, "data: a\n\n").End(1), Open())
            {
                Title = "a good response",
                Until = 30,
            },
            new Act(
                Status(503, headers: ("Retry-After", "20")),
                Status(503, headers: ("Retry-After", "20")),
                Status(503),
                Open())
            {
                Title = "again and again",
                Until = 70,
            },
            new Act(Open().Send(0, "retry: 40000\n\n").Reset(0), Status(503, headers: ("Retry-After", "20")), Open())
            {
                Title = "with a longer retry",
                Until = 125,
            }),
    ];

    private static Act Retry(string title, string text) => new(Open().Send(0, text).Reset(0), Open())
    {
        Title = title,
        Until = 10,
    };

    private static Act RetryAfter(string title, string value, params (string Name, string Value)[] headers) =>
        new(Status(503, headers: [("Retry-After", value), .. headers]), Open())
        {
            Title = title,
            Until = 25,
        };
}
