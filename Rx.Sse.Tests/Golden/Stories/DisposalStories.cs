using System.Reactive.Linq;
using static Rx.Sse.Tests.Golden.Answer;

namespace Rx.Sse.Tests.Golden.Stories;

/// <summary>
/// The client unsubscribes in each state of the stream. After that, nothing is delivered and nothing stays open.
/// </summary>
internal static class DisposalStories
{
    private static readonly Answer Stream = Open().Send(1, "data: a\n\ndata: b\n\n").Send(5, "data: c\n\n").Reset(6);

    public static GoldenStory[] All { get; } =
    [
        new("dispose-within-a-notification", "The client leaves within OnNext.",
            On("connecting", value => value is SseConnecting, Stream) with
            {
                VirtualOnly = "over sockets, whether the request is sent before it is cancelled is a matter of chance",
            },
            On("opened", value => value is SseOpened, Stream),
            On("an event with another in the same chunk", value => value is SseEvent, Stream),
            On("the last event of a chunk", value => value is SseEvent { Data: "b" }, Stream),
            On("a comment", value => value is SseComment, Open().Send(1, ": a\n: b\ndata: c\n\n")),
            On("disconnected", value => value is SseDisconnected, Stream, Open()),
            On(
                "connecting again",
                value => value is SseConnecting { LastEventId: "7" },
                Open().Send(1, "id: 7\ndata: a\n\n").Reset(1),
                Open()),
            On(
                "opened, with events already there",
                value => value is SseOpened,
                Open().Send(0, "data: a\n\n").Send(0, "data: b\n\n").End(0)) with
            {
                VirtualOnly = "over sockets, who closes the connection first is a matter of chance",
            }),

        new("dispose-by-time", "The client leaves between notifications.",
            At("while connecting", 1, Silent),
            At("within a head", 2, Silent.PartOfHead(1)),
            At("after the head", 1, Open()),
            At("between events", 3, Stream),
            At("within an event", 2, Open().Send(1, "data: a\n\ndata: b")),
            At("while waiting", 7, Stream, Open()),
            At("while connecting again", 10, Stream, Silent),
            At("while an error's body is read", 1, Silent.Head(503, "text/plain").Send(0, "so far"), Open()),
            At("after the end", 3, Status(404))),

        new("dispose-from-another-thread", "The client leaves from another thread.",
            Elsewhere("while connecting", 1, Silent),
            Elsewhere("after the head", 1, Open()),
            Elsewhere("between events", 3, Stream),
            Elsewhere("while waiting", 7, Stream, Open()),
            new Act(Stream)
            {
                Title = "while OnNext runs",
                OnNext = (stage, value) =>
                {
                    if (value is SseEvent { Data: "a" })
                    {
                        stage.LeaveFromAnotherThread();
                        stage.Spend(3);
                    }
                },
            }),

        new("dispose-while-a-factory-works",
            "The client leaves while a factory makes a message, and the factory's token is cancelled.",
            new Act(Open())
            {
                Request = stage => SseRequest.Create(async cancellation =>
                {
                    await RequestStories.Wait(stage, 10, cancellation).ConfigureAwait(false);
                    return new HttpRequestMessage(HttpMethod.Get, "/stream");
                }),
                At = [(5, stage => stage.Leave())],
                Until = 20,
            }),

        new("dispose-twice", "Leaving again makes no difference.",
            new Act(Stream) { At = [(3, stage => stage.Leave()), (4, stage => stage.Leave())] }),

        new("dispose-by-operators", "Operators that leave by themselves.",
            new Act(Stream) { Title = "Take", Source = stage => Sources.Events(stage).Take(1) },
            new Act(Stream, Open())
            {
                Title = "TakeUntil a time",
                Source = stage => Sources.Events(stage).TakeUntil(StoryClock.Origin.AddSeconds(8), stage.Clock),
            }),
    ];

    private static Act On(string title, Func<object, bool> when, params Answer[] answers) => new(answers)
    {
        Title = title,
        OnNext = (stage, value) =>
        {
            if (when(value))
                stage.Leave();
        },
    };

    private static Act At(string title, double seconds, params Answer[] answers) => new(answers)
    {
        Title = title,
        At = [(seconds, stage => stage.Leave())],
    };

    private static Act Elsewhere(string title, double seconds, params Answer[] answers) => new(answers)
    {
        Title = title,
        At = [(seconds, stage => stage.LeaveFromAnotherThread())],
    };
}
