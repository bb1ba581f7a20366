using static Rx.Sse.Tests.Golden.Answer;

namespace Rx.Sse.Tests.Golden.Stories;

/// <summary>The limit on the size of an event.</summary>
internal static class LimitStories
{
    public static GoldenStory[] All { get; } =
    [
        new("max-event-size",
            "What counts towards a limit of 20 bytes. Beyond it the stream fails, and is not tried again.",
            Limit("a line of 20 bytes", "data: 01234567890123\n\n"),
            Limit("a line of 21 bytes", "data: 012345678901234\n\n"),
            Limit("lines of 20 bytes together", "data: 0123\ndata: 4567\n\n"),
            Limit("lines of 21 bytes together", "data: 0123\ndata: 45678\n\n"),
            Limit("with other fields", "event: abc\nid: 7\ndata: 1\n\n"),
            Limit("a comment of 21 bytes", ":01234567890123456789\n"),
            Limit("comments and data", ":0123456789\ndata: 0123456789\n\n"),
            Limit("an unknown field of 21 bytes", "unknown: 012345678901\n"),
            Limit("a line that does not end", "data: 012345678901234"),
            Limit("many small events", "data: a\n\ndata: b\n\ndata: c\n\ndata: d\n\n"),
            Limit("blocks without data", "id: 1\n\nid: 2\n\nid: 3\n\nid: 4\n\nid: 5\n\n")),

        new("max-event-size-in-pieces", "The same limit where the bytes come one by one.",
            new Act(Pieces("data: a\n\ndata: 012345678901234\n\n"), Open())
            {
                Options = (o, _) => o with { MaxEventSize = 20 },
            }),
    ];

    private static Act Limit(string title, string text) => new(Open().Send(1, $"data: before\n\n{text}"), Open())
    {
        Title = title,
        Options = (o, _) => o with { MaxEventSize = 20 },
        Until = 5,
    };

    private static Answer Pieces(string text) =>
        text.Aggregate(Open(), (answer, character) => answer.Send(1, $"{character}"));
}
