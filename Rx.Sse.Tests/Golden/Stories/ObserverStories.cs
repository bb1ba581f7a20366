using static Rx.Sse.Tests.Golden.Answer;

namespace Rx.Sse.Tests.Golden.Stories;

/// <summary>Kinds of streams, and errors in observers.</summary>
internal static class ObserverStories
{
    private static readonly Answer Fields = Open()
        .Send(1, ": comment\nevent: tick\nid: 7\nretry: 2000\ndata: a\ndata: b\n\n")
        .Send(2, "data\n\nevent:\ndata: c\n\nevent: lost\n\ndata: d\n\n")
        .End(3);

    public static GoldenStory[] All { get; } =
    [
        new("kinds-of-streams", "The same stream as signals, as events, and typed.",
            new Act(Fields, Status(204, contentType: null)) { Title = "signals" },
            new Act(Fields, Status(204, contentType: null)) { Title = "events", Source = Sources.Events },
            new Act(Fields, Status(204, contentType: null)) { Title = "typed", Source = Sources.Typed }),

        new("selector-throws", "What a selector throws ends the stream as it is, and is not tried again.",
            new Act(Open().Send(1, "data: a\n\ndata: bad\n\ndata: c\n\n"), Open())
            {
                Source = Sources.Typed(
                    e => e.Data.SequenceEqual("bad"u8) ? throw new StoryException("bad data") : Sources.Text(e.Data)),
                Until = 10,
            },
            new Act(Open().Send(1, "data: bad\n\n"), Open())
            {
                Title = "what looks like a network error",
                Source = Sources.Typed(_ => throw new IOException("bad data")),
                Until = 10,
            }),

        new("observer-throws",
            "What an observer throws comes out of the scheduler, and is no failure of the connection.",
            Throwing("within an event", value => value is SseEvent { Data: "a" }),
            Throwing("within connecting", value => value is SseConnecting),
            Throwing("within opened", value => value is SseOpened),
            Throwing("within a comment", value => value is SseComment),
            Throwing("within disconnected", value => value is SseDisconnected),
            new Act(Status(404)) { Title = "within OnError", OnEnd = _ => throw new StoryException("observer") },
            new Act(Status(204, contentType: null))
            {
                Title = "within OnCompleted",
                OnEnd = _ => throw new StoryException("observer"),
            }),
    ];

    private static Act Throwing(string title, Func<object, bool> when) =>
        new(Open().Send(1, ": hello\ndata: a\n\ndata: b\n\n").Reset(2), Open())
        {
            Title = title,
            OnNext = (_, value) =>
            {
                if (when(value))
                    throw new StoryException("observer");
            },
            Until = 10,
        };
}
