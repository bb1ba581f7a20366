using static Rx.Sse.Tests.Golden.Answer;

namespace Rx.Sse.Tests.Golden.Stories;

internal static class IdleStories
{
    public static GoldenStory[] All { get; } =
    [
        new("idle-timeout", "A connection that stays silent for IdleTimeout is dropped, and another one is opened.",
            Idle("before any byte", Open()),
            Idle("after an event", Open().Send(4, "data: a\n\n")),
            Idle("within an event", Open().Send(4, "data: a\n\nid: 7\ndata: b")),
            Idle("any byte counts", Open().Send(9, ":").Send(18, "\n").Send(27, "\n").Send(36, "data: a\n\n")),
            Idle("at the same time as a byte", Open().Send(10, "data: a\n\n"))),

        new("idle-timeout-never-retried", "With a policy that never reconnects it is the stream's error.",
            new Act(Open().Send(4, "data: a\n\n"))
            {
                Options = (o, _) => o.Never() with { IdleTimeout = TimeSpan.FromSeconds(10) },
            }),

        new("idle-timeout-slow-observer", "A slow observer is not a silent server.",
            new Act(Open().Send(1, "data: slow\n\n").Send(2, "data: b\n\n"), Open())
            {
                Options = (o, _) => o with { IdleTimeout = TimeSpan.FromSeconds(10) },
                OnNext = (stage, value) =>
                {
                    if (value is SseEvent { Data: "slow" })
                        stage.Spend(25);
                },
                Until = 45,
            }),

        new("idle-timeout-error-body", "The body of an error has a limit of its own.",
            new Act(Silent.Head(503, "text/plain").Send(1, "so far"), Open())
            {
                Options = (o, _) => o with { IdleTimeout = TimeSpan.FromSeconds(2) },
                Until = 9,
            }),
    ];

    private static Act Idle(string title, Answer answer) => new(answer, Open().Send(1, "data: next\n\n"))
    {
        Title = title,
        Options = (o, _) => o with { IdleTimeout = TimeSpan.FromSeconds(10) },
        Until = 40,
    };
}
