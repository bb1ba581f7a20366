using Polly;
using static Rx.Sse.Tests.Golden.Answer;

namespace Rx.Sse.Tests.Golden.Stories;

/// <summary>Runs of failures: how the delay grows, and what ends a run.</summary>
internal static class BackoffStories
{
    public static GoldenStory[] All { get; } =
    [
        new("backoff", "Each failure in a row doubles the delay, up to 30 s.",
            new Act(Refuse) { Until = 140 }),

        new("backoff-options", "Delays that the policy sets.",
            new Act(Refuse)
            {
                Title = "Delay and MaxDelay",
                Options = (o, _) => o.Reconnect(delay: 1, maxDelay: 3),
                Until = 14,
            },
            new Act(Refuse)
            {
                Title = "Delay longer than MaxDelay",
                Options = (o, _) => o.Reconnect(delay: 5, maxDelay: 3),
                Until = 14,
            },
            new Act(Refuse)
            {
                Title = "Linear",
                Options = (o, _) => o.Reconnect(backoff: DelayBackoffType.Linear),
                Until = 50,
            },
            new Act(Refuse)
            {
                Title = "Constant",
                Options = (o, _) => o.Reconnect(backoff: DelayBackoffType.Constant),
                Until = 14,
            },
            new Act(Refuse) { Title = "no Delay", Options = (o, _) => o.Reconnect(delay: 0), Until = 1 }),

        new("recovery", "What ends a run of failures: an event, or 30 s without a failure.",
            Recovery("an event", Open().Send(1, "data: a\n\n").Reset(1)),
            Recovery("open for 30 s", Open().Reset(30)),
            Recovery("open for almost 30 s", Open().Reset(29.999)),
            Recovery("open for 30 s, with comments", Open().Send(15, ": still here\n").Reset(30)),
            Recovery("200 and the end at once", Open().End(0)),
            Recovery("a comment", Open().Send(1, ": hello\n").End(1)),
            Recovery("a block without data", Open().Send(1, "id: 7\n\n").End(1)),
            Recovery("an event that is cut off", Open().Send(1, "data: a").End(1))),

        new("recovery-never", "200 and the end at once, again and again.",
            new Act(Open().End(0)) { Until = 80 }),

        new("max-retry-attempts", "MaxRetryAttempts counts over a run of failures, and names the last one.",
            MaxRetryAttempts("refused", Refuse),
            MaxRetryAttempts("503", Status(503)),
            MaxRetryAttempts("a regular end", Open().End(0)),
            MaxRetryAttempts("reset", Open().Reset(0)),
            MaxRetryAttempts("over several outages", Refuse, Open().End(0), Refuse, Open()),
            MaxRetryAttempts(
                "an event begins a new run",
                Refuse,
                Refuse,
                Open().Send(1, "data: a\n\n").Reset(1),
                Refuse,
                Open()),
            MaxRetryAttempts("a drop is the first of a run", Open().Send(1, "data: a\n\n").Reset(1), Refuse)),
    ];

    private static Act Recovery(string title, Answer answer) => new(Refuse, Refuse, answer, Open())
    {
        Title = title,
        Until = 60,
    };

    private static Act MaxRetryAttempts(string title, params Answer[] answers) => new(answers)
    {
        Title = title,
        Options = (o, _) => o.Reconnect(maxRetryAttempts: 2),
        Until = 60,
    };
}
