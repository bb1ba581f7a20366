using static Rx.Sse.Tests.Golden.Answer;

namespace Rx.Sse.Tests.Golden.Stories;

/// <summary>The last event ID: what sets it, and where it is sent.</summary>
internal static class IdStories
{
    public static GoldenStory[] All { get; } =
    [
        new("id-fields", "What an id field does to the last event ID.",
            Id("set", "id: 7\ndata: a\n\n"),
            Id("stays for later events", "id: 7\ndata: a\n\ndata: b\n\n"),
            Id("empty clears it", "id: 7\ndata: a\n\nid:\ndata: b\n\n"),
            Id("without a colon clears it", "id: 7\ndata: a\n\nid\ndata: b\n\n"),
            Id("with NUL is ignored", "id: 7\ndata: a\n\nid: 8\09\ndata: b\n\n"),
            Id("of a block without data counts", "id: 7\n\n"),
            Id("the last of several counts", "id: 7\nid: 8\ndata: a\n\n"),
            Id("a later one with NUL does not", "id: 7\nid: 8\0\ndata: a\n\n"),
            Id("spaces are kept but the first", "id:  7 \ndata: a\n\n"),
            Id("colon", "id: a:b\ndata: a\n\n"),
            Id("long number", "id: 00012345678901234567890\ndata: a\n\n"),
            Id("names are case-sensitive", "ID: 7\nId: 8\ndata: a\n\n")),

        new("id-cut", "A block that a drop cuts off never moves the resume point.",
            new Act(
                Open().Send(1, "id: 1\ndata: a\n\nid: 2\ndata: cut\n").Reset(2),
                Open().Send(1, "id: 3\n").End(2),
                Open().Send(1, "data: b\n\n"))
            {
                Until = 20,
            }),

        new("id-survives", "The ID survives failures of every kind, until an event changes it.",
            new Act(
                Open().Send(1, "id: 7\ndata: a\n\n").Reset(1),
                Refuse,
                Status(503),
                Open().Send(1, "data: b\n\n").End(1),
                Open().Send(1, "id: 8\ndata: c\n\n").Cut(1),
                Open())
            {
                Until = 60,
            }),

        new("id-from-options", "SseOptions.LastEventId is sent from the first attempt on.",
            new Act(
                Refuse,
                Open().Send(1, "data: a\n\n").Reset(1),
                Open().Send(1, "id: 8\ndata: b\n\n").Reset(1),
                Open())
            {
                Title = "until an event brings a new one",
                Options = (o, _) => o with { LastEventId = "start" },
                Until = 30,
            },
            new Act(Open().Send(1, "id\ndata: a\n\n").Reset(1), Open())
            {
                Title = "until an event clears it",
                Options = (o, _) => o with { LastEventId = "start" },
                Until = 10,
            }),

        new("id-non-ascii", "IDs beyond ASCII are sent in UTF-8 where the handler allows it.",
            new Act(
                Open().Send(1, "id: käse-€\ndata: a\n\n").Reset(1),
                Open().Send(1, "id: 8\ndata: b\n\n").Reset(1),
                Open())
            {
                Title = "default handler",
                Until = 20,
            },
            new Act(Open().Send(1, "id: käse-€\ndata: a\n\n").Reset(1), Open())
            {
                Title = "with SseRequest.HeaderEncoding",
                Handler = handler => handler.RequestHeaderEncodingSelector = SseRequest.HeaderEncoding,
                Until = 20,
            },
            new Act(Open().Send(1, "data: a\n\n").Reset(1), Refuse, Open())
            {
                Title = "from the options",
                Options = (o, _) => o with { LastEventId = "käse" },
                Until = 20,
            },
            new Act(Refuse, Open())
            {
                Title = "POST that may not be sent again",
                Request = _ => SseRequest.Post("/stream", () => new StringContent("question")),
                Options = (o, _) => o with { LastEventId = "käse" },
                Until = 20,
            },
            new Act(Open().Send(1, "data: a\n\n").End(1))
            {
                Title = "POST that is accepted",
                Request = _ => SseRequest.Post("/stream", () => new StringContent("question")),
                Options = (o, _) => o with { LastEventId = "käse" },
                Until = 20,
            },
            new Act(
                Open().Send(1, [.. "id: "u8, 0xFF, .. "\ndata: a\n\n"u8], "\"id: \" FF \"\\ndata: a\\n\\n\"").Reset(1),
                Open())
            {
                Title = "ill-formed",
                Handler = handler => handler.RequestHeaderEncodingSelector = SseRequest.HeaderEncoding,
                Until = 6,
            }),
    ];

    private static Act Id(string title, string text) => new(Open().Send(1, text).Reset(1), Open())
    {
        Title = title,
        Until = 6,
    };
}
