using System.Reactive.Linq;
using System.Text;
using static Rx.Sse.Tests.Golden.Answer;

namespace Rx.Sse.Tests.Golden.Stories;

/// <summary>From bytes to events. Each chunk arrives separately.</summary>
internal static class ParsingStories
{
    private const string NoServer = "the operator has no server";

    public static GoldenStory[] All { get; } =
    [
        new("parse-lines", "Lines end at LF, CR or CRLF, and CR does not wait for what follows.",
            Pieces("LF", "data: a\n\n", "data: b\n\n"),
            Pieces("CR", "data: a\r\r", "data: b\r\r"),
            Pieces("CRLF", "data: a\r\n\r\n", "data: b\r\n\r\n"),
            Pieces("mixed", "data: a\rdata: b\ndata: c\r\n\r", "data: d\n\r\n"),
            Pieces("CRLF over two chunks", "data: a\r\n\r", "\ndata: b\r\n\r", "\n"),
            Pieces("CRLF over two chunks, within a block", "data: a\r", "\ndata: b\r", "\n\r", "\n"),
            Pieces("no other character ends a line", "data: a\u0085b\u2028c\u2029d\u000Be\u000Cf\n\n"),
            Pieces("blank lines alone", "\n\n\r\n\r\n")),

        new("parse-bom", "One BOM at the very start is dropped.",
            Bytes("whole", [0xEF, 0xBB, 0xBF, .. "data: a\n\n"u8]),
            Bytes("over three chunks", [0xEF], [0xBB], [0xBF, .. "data: a\n\n"u8]),
            Bytes("two", [0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF, .. "data: a\n\ndata: b\n\n"u8]),
            Bytes("within data", [.. "data: "u8, 0xEF, 0xBB, 0xBF, .. "a\n\n"u8]),
            Bytes("begun, but none", [0xEF, 0xBB], [.. "data: a\n\ndata: b\n\n"u8]),
            new Act(
                Open().Send(1, [0xEF, 0xBB, 0xBF, .. "data: a\n\n"u8], "BOM \"data: a\\n\\n\"").Reset(1),
                Open().Send(1, [0xEF, 0xBB, 0xBF, .. "data: b\n\n"u8], "BOM \"data: b\\n\\n\""))
            {
                Title = "again on the next connection",
                Until = 8,
            }),

        new("parse-utf8", "Ill-formed UTF-8 becomes U+FFFD, also where it is cut.",
            Bytes("well-formed, cut", [.. "data: "u8, 0xF0], [0x9F], [0x98], [0x80, .. "\n\n"u8]),
            Bytes("a lone continuation", [.. "data: a"u8, 0x80, .. "b\n\n"u8]),
            Bytes("a sequence that is too short", [.. "data: a"u8, 0xE2, 0x82, .. "b\n\n"u8]),
            Bytes("the same, cut", [.. "data: a"u8, 0xE2], [0x82], [.. "b\n\n"u8]),
            Bytes("overlong", [.. "data: a"u8, 0xC0, 0xAF, .. "b\n\n"u8]),
            Bytes("a surrogate", [.. "data: a"u8, 0xED, 0xA0, 0x80, .. "b\n\n"u8]),
            Bytes(
                "in every field",
                [.. "event: "u8, 0xFF, .. "\nid: "u8, 0xFF, .. "\n: "u8, 0xFF, .. "\ndata: "u8, 0xFF, .. "\n\n"u8])),

        new("parse-fields", "How a line becomes a field.",
            Pieces("one space after the colon is dropped", "data:a\ndata: b\ndata:  c\n\n"),
            Pieces("a tab is not", "data:\ta\n\n"),
            Pieces("no colon", "data\n\n"),
            Pieces("no value", "data:\n\n"),
            Pieces("two empty lines of data", "data\ndata\n\n"),
            Pieces("colons in the value", "data: a: b\n\n"),
            Pieces("unknown fields", "foo: bar\nfoo\ndatax: y\n data: z\ndata : z\ndata: a\n\n"),
            Pieces("names are case-sensitive", "Data: a\nDATA: b\nEvent: c\ndata: d\n\n"),
            Pieces("NUL in data", "data: a\0b\n\n"),
            Pieces("event, the last of several", "event: a\nevent: b\ndata: c\n\n"),
            Pieces("event, empty", "event: a\nevent\ndata: c\n\n"),
            Pieces("event, forgotten without data", "event: a\n\ndata: b\n\n"),
            Pieces("event, not ASCII", "event: größe\ndata: b\n\n"),
            Pieces(
                "every order",
                "data: a\nid: 1\nevent: x\n\n",
                "event: y\ndata: b\nid: 2\n\n",
                "id: 3\nretry: 1\ndata: c\ndata: d\nevent: z\n\n"),
            Pieces(
                "byte by byte",
                [.. "event: x\nid: 1\nretry: 12\ndata: a\ndata: b\n\n".Select(character => $"{character}")])),

        new("parse-comments", "Lines that begin with a colon.",
            Pieces("signals have their text", ":\n: a\n:b\n:  c\n"),
            Pieces("within a block", "data: a\n: comment\ndata: b\n\n"),
            Pieces("over two chunks", ": a", "b\n"),
            Pieces("ended by CR", ": a\r: b\r\n")),

        new("parse-operator", "The ParseSse operator.",
            Parse("pieces, and an unfinished event", "data: a\n\nda", "ta: b\n\nid: 7\ndata: unfi", "nished\n"),
            Parse("an empty source"),
            Parse("an empty chunk", "data: a", "", "\n\n"),
            Parse("CRLF over two chunks", "data: a\r", "\ndata: b\r", "\n\r", "\ndata: c\r\r"),
            new Act
            {
                Title = "a BOM over three chunks",
                Source = Sources.Parse(new byte[][] { [0xEF], [0xBB], [0xBF, .. "data: a\n\n"u8] }.ToObservable()),
                VirtualOnly = NoServer,
            },
            new Act
            {
                Title = "an error of the source",
                Source = Sources.Parse(
                    Chunks("data: a\n\ndata: b").Concat(Observable.Throw<byte[]>(new StoryException("source")))),
                VirtualOnly = NoServer,
            },
            new Act
            {
                Title = "an event that is too large",
                Source = Sources.Parse(
                    Chunks("data: a\n\ndata: 0123456789\n\n", "data: c\n\n"), new SseOptions { MaxEventSize = 15 }),
                VirtualOnly = NoServer,
            },
            new Act
            {
                Title = "an observer that throws",
                Source = Sources.Parse(Chunks("data: a\n\ndata: b\n\n", "data: c\n\n")),
                OnNext = (_, _) => throw new StoryException("observer"),
                VirtualOnly = NoServer,
            },
            new Act
            {
                Title = "the client leaves within an event",
                Source = Sources.Parse(Chunks("data: a\n\ndata: b\n\n", "data: c\n\n")),
                OnNext = (stage, _) => stage.Leave(),
                VirtualOnly = NoServer,
            }),
    ];

    private static Act Pieces(string title, params string[] pieces) =>
        new(pieces.Aggregate(Open(), (answer, piece) => answer.Send(1, piece)))
        {
            Title = title,
            Until = 2,
        };

    private static Act Bytes(string title, params byte[][] pieces) =>
        new(
            pieces.Aggregate(
                Open(),
                (answer, piece) => answer.Send(1, piece, TraceText.Quote(Encoding.Latin1.GetString(piece)))))
        {
            Title = title,
            Until = 2,
        };

    private static Act Parse(string title, params string[] pieces) => new()
    {
        Title = title,
        Source = Sources.Parse(Chunks(pieces)),
        VirtualOnly = NoServer,
    };

    private static IObservable<byte[]> Chunks(params string[] pieces) =>
        pieces.Select(Encoding.UTF8.GetBytes).ToObservable();
}
