using System.Net.Sockets;
using static Rx.Sse.Tests.Golden.Answer;

namespace Rx.Sse.Tests.Golden.Stories;

/// <summary>The places where an open connection can break.</summary>
internal static class DropStories
{
    public static GoldenStory[] All { get; } =
    [
        new("drop-reset", "Wherever a connection is reset, the stream reconnects, and what is unfinished is dropped.",
            Drop("after the head", Open().Reset(1)),
            Drop("between events", Open().Send(1, "id: 1\ndata: a\n\n").Reset(2)),
            Drop("with the last event", Open().Send(1, "id: 1\ndata: a\n\n").Reset(1)),
            Drop("within a line", Open().Send(1, "id: 1\ndata: a\n\nid: 2\ndata: b").Reset(2)),
            Drop("within a block", Open().Send(1, "id: 1\ndata: a\n\nid: 2\ndata: b\n").Reset(2)),
            Drop(
                "within a character",
                Open().Send(1, "data: a\n\n").Send(1, [.. "data: "u8, 0xE2, 0x82], "\"data: \" E2 82").Reset(2)),
            Drop("within a CRLF", Open().Send(1, "data: a\r\n\r").Reset(2)),
            Drop("within a comment", Open().Send(1, ": comm").Reset(2))),

        new("drop-cut", "A connection that is closed before the response is complete is a drop, too.",
            Drop("after the head", Open().Cut(1)),
            Drop("between events", Open().Send(1, "id: 1\ndata: a\n\n").Cut(2)),
            Drop("within a line", Open().Send(1, "id: 1\ndata: a\n\nid: 2\ndata: b").Cut(2))),

        new("drop-read-throws", "Whatever a body throws is a drop.",
            ReadThrows("SocketException", () => new SocketException((int)SocketError.TimedOut)),
            ReadThrows("HttpRequestException", () => new HttpRequestException("read")),
            ReadThrows("InvalidOperationException", () => new InvalidOperationException("read")),
            ReadThrows("ObjectDisposedException", () => new ObjectDisposedException("body")),
            ReadThrows("OperationCanceledException", () => new OperationCanceledException()),
            ReadThrows("InvalidDataException", () => new InvalidDataException("gzip"))),

        new("drop-many", "Drops of connections that work do not add up.",
            new Act(Open().Send(1, "data: a\n\n").Reset(1)) { Until = 18 }),
    ];

    private static Act Drop(string title, Answer answer) => new(answer, Open().Send(1, "data: next\n\n"))
    {
        Title = title,
        Until = 8,
    };

    private static Act ReadThrows(string title, Func<Exception> exception) =>
        Drop(title, Open().ReadThrows(1, exception)) with
        {
            VirtualOnly = "a body of the caller's throws here",
        };
}
