using static Rx.Sse.Tests.Integration.Browser.RecordedStream;

namespace Rx.Sse.Tests.Integration.Browser;

/// <summary>
/// The edge cases of each rule of WHATWG HTML 9.2.5 and 9.2.6. A name says what is unusual about the stream.
/// </summary>
internal static class HandPickedStreams
{
    /// <summary>The streams after which Chromium waits come first, so that it can read the others meanwhile.</summary>
    public static IReadOnlyList<RecordedStream> All { get; } =
    [
        .. EventSourceDifferences.RetriesWithoutAValue,
        .. ByteOrderMarks(), .. LineEnds(), .. Fields(), .. Types(), .. Ids(), .. ReconnectionTimes(), .. IllFormed(),
        .. Ends(),
        .. Sizes(),
    ];

    private static IEnumerable<RecordedStream> ByteOrderMarks() =>
    [
        Text("byte order mark", "\uFEFFdata: a\n\ndata: b\n\n"),
        Text("two byte order marks", "\uFEFF\uFEFFdata: a\n\ndata: b\n\n"),
        Latin1("byte order mark in three chunks", "\xEF", "\xBB", "\xBF", "data: a\n\n"),
        Latin1("two byte order marks in two chunks", "\xEF\xBB", "\xBF\xEF\xBB\xBF" + "data: a\n\ndata: b\n\n"),
        Latin1("part of a byte order mark", "\xEF\xBB" + "data: a\n\ndata: b\n\n"),
        Latin1("part of a byte order mark in a chunk of its own", "\xEF\xBB", "data: a\n\ndata: b\n\n"),
        Latin1("byte order mark of UTF-16", "\xFF\xFE" + "data: a\n\ndata: b\n\n"),
        Text("byte order mark before a comment", "\uFEFF:c\ndata: a\n\n"),
        Text("byte order mark before LF", "\uFEFF\ndata: a\n\ndata: b\n\n"),
        Text("byte order mark before CR", "\uFEFF\rdata: a\n\ndata: b\n\n"),
        Text("byte order mark before CRLF", "\uFEFF\r\ndata: a\n\ndata: b\n\n"),
        Text("byte order mark and LF in two chunks", "\uFEFF", "\ndata: a\n\ndata: b\n\n"),
        Text("byte order mark on the second line", "\n\uFEFFdata: a\n\ndata: b\n\n"),
        Text("byte order mark in a later block", "data: a\n\n\uFEFFdata: b\n\ndata: c\n\n"),
        Text("byte order marks in values", "event: \uFEFFx\nid: \uFEFFi\ndata: \uFEFF\n\n"),
        Text("nothing but a byte order mark", "\uFEFF"),
    ];

    private static IEnumerable<RecordedStream> LineEnds() =>
    [
        Text("LF", "id: 1\ndata: a\ndata: b\n\ndata: c\n\n"),
        Text("CR", "id: 1\rdata: a\rdata: b\r\rdata: c\r\r"),
        Text("CRLF", "id: 1\r\ndata: a\r\ndata: b\r\n\r\ndata: c\r\n\r\n"),
        Text("all kinds", "data: a\rdata: b\ndata: c\r\ndata: d\r\n\rdata: e\n\rdata: f\r\r\ndata: g\n\r\n"),
        Text("LFCR is two", "data: a\n\rdata: b\n\r"),
        Text("CRLF in two chunks", "data: a\r", "\ndata: b\r\n\r", "\ndata: c\r", "\n\r", "\n"),
        Text("CR and then something else in two chunks", "data: a\r", "data: b\r", "\r", "data: c\r\r"),
        Text("each byte a chunk", [.. "id: 1\r\ndata: a\r\n\r\ndata: b\r\rdata: c\n\n".Select(c => $"{c}")]),
        Text("empty lines at the start", "\n\r\n\r\rdata: a\n\n"),
        Text("empty lines between", "data: a\n\n\n\n\r\r\r\n\r\ndata: b\n\n"),
        Text("separators that end no line", "data: a\u2028b\u2029c\u0085d\ve\ff\x1Cg\x1Dh\x1Ei\n\n"),
        Latin1("NEL of Latin-1", "data: a\x85" + "b\n\n"),
    ];

    private static IEnumerable<RecordedStream> Fields() =>
    [
        Text("data without a colon", "data\n\ndata\ndata\n\n"),
        Text("data without a value", "data:\n\ndata: \n\ndata:\ndata:\n\n"),
        Text("spaces before a value", "data:a\n\ndata: b\n\ndata:  c\n\ndata:\td\n\ndata: \te \n\ndata:\u00A0f\n\n"),
        Text("colons in a value", "data:a:b: c\n\ndata::\n\ndata: :x\n\n"),
        Text("names almost right", "Data: a\nDATA: b\n data: c\ndata : d\n\tdata: e\ndatax: f\ndat: g\n\ndata: h\n\n"),
        Text("names with NUL", "data\0: a\n\0data: b\nda\0ta: c\n\ndata: d\n\n"),
        Text("NUL before names", "\0data: a\n\0data: b\r\0data: c\n\ndata: d\n\n"),
        Text("NUL for values", "data:\0\n\ndata: \0\n\nevent:\0\ndata: b\n\n"),
        Text("unknown names", "foo: a\nfoo\nretry-after: 1\ndata: b\n\u0434\u0430: c\n\n"),
        Text("comments", ":a\n: b\n:\n::\n:data: c\n\ndata: d\n:e\ndata: f\n\n"),
        Text("comment with NUL", ":\0\ndata: a\n\n"),
        Text("several data lines", "data: YHOO\ndata: +2\ndata: 10\n\ndata:\ndata: x\ndata\n\n"),
        Text("controls in data", "data: a\0b\x01\b\t\x1B\x7F\n\n"),
        Text("data in many scripts", "data: ä€漢字ж 𝄞🏳️‍🌈 e\u0301 \u202Eabc\n\n"),
        Text("noncharacters", "data: \uFFFE\uFFFF\uFDD0\n\n"),
        Text("no fields but empty blocks", "\n\n\n\n"),
    ];

    private static IEnumerable<RecordedStream> Types() =>
    [
        Text("event", "event: tick\ndata: a\n\ndata: b\n\n"),
        Text("event twice", "event: a\nevent: b\ndata: x\n\n"),
        Text("event cleared again", "event: a\nevent\ndata: x\n\nevent: a\nevent:\ndata: y\n\n"),
        Text("event without data", "event: a\n\ndata: x\n\n"),
        Text("event after data", "data: x\nevent: a\n\n"),
        Text("event with spaces", "event:  a \ndata: x\n\n"),
        Text(
            "events with names that an EventSource knows",
            "event: open\ndata: a\n\nevent: error\ndata: b\n\nevent: message\ndata: c\n\n"),
        Text("events beyond ASCII and with NUL", "event: é漢𝄞\ndata: a\n\nevent: a\0b\ndata: b\n\n"),
        Text("event in capitals", "event: Tick\ndata: a\n\nEvent: x\ndata: b\n\n"),
        Latin1("event ill-formed", "event: a\xFF\xE2\x82" + "b\ndata: x\n\n"),
    ];

    private static IEnumerable<RecordedStream> Ids() =>
    [
        Text("no ID", "data: a\n\n"),
        Text("IDs stay", "id: 1\ndata: a\n\ndata: b\n\nid: 2\ndata: c\n\n"),
        Text("ID without data", "id: 7\n\ndata: a\n\nid: 8\n\n"),
        Text("ID twice", "id: 1\nid: 2\ndata: a\n\n"),
        Text("ID cleared", "id: 1\ndata: a\n\nid\ndata: b\n\n"),
        Text("ID cleared by a colon", "id:\ndata: a\n\n"),
        Text("ID cleared without data", "id: \n\n"),
        Text("ID with NUL", "id: 1\ndata: a\n\nid: 2\03\ndata: b\n\nid: \0\ndata: c\n\nid:\0\n\n"),
        Text("ID with NUL after a good one in the same block", "id: 1\nid: 2\0\ndata: a\n\n"),
        Text("ID of an unfinished block", "id: 1\ndata: a\n\nid: 2\ndata: b\n"),
        Text("ID of a block whose line is unfinished", "id: 1\ndata: a\n\nid: 2\n"),
        Text("ID of a block that CR finishes at the end", "id: 1\ndata: a\n\nid: 2\ndata: b\r\r"),
        Text("ID with spaces around it", "id:  7 \ndata: a\n\n"),
        Text("ID of a space", "id:  \ndata: a\n\n"),
        Text("ID with tabs", "id:\t7\t\ndata: a\n\n"),
        Text("ID with controls", "id: a\x01\x08\v\f\x1F\x7F" + "b\ndata: a\n\n"),
        Text("ID with punctuation", "id: a,b;c=\"d\" \\ : 'e' %00%0A\ndata: a\n\n"),
        Text("ID of Latin-1", "id: é\ndata: a\n\n"),
        Text("ID beyond Latin-1", "id: €漢ж\ndata: a\n\n"),
        Text("ID beyond the BMP", "id: 𝄞🏳️‍🌈\ndata: a\n\n"),
        Text("ID with U+0085, U+00A0 and U+2028", "id: a\u0085\u00A0\u2028\ndata: a\n\n"),
        Latin1("ID ill-formed", "id: a\xFF\xC3\ndata: a\n\n"),
        Text("ID in capitals", "ID: 1\nId: 2\ndata: a\n\n"),
        Text("ID of 4 KB", $"id: {new string('7', 4096)}\ndata: a\n\n"),
        Text("ID like nchan's", ": hi\n\nid: 1700000000:0\ndata: a\n\nevent: ping\n\nid: 1700000000:1\ndata: b\n\n"),
    ];

    /// <summary>No time that all engines apply is long, because they would wait for it.</summary>
    private static IEnumerable<RecordedStream> ReconnectionTimes() =>
    [
        Text("retry", "retry: 2\ndata: a\n\n"),
        Text("retry alone", "retry: 2\n\ndata: a\n\n"),
        Text("retry unfinished", "data: a\n\nretry: 99999"),
        Text("retry with zeros", "retry: 0002\ndata: a\n\n"),
        .. new[]
        {
            "-1", "+9999999", "9999999.5", "9999999 ", " 9999999", "9999999ms", "9e9", "0x7FFFFFFF",
            "\u0663\u0663\u0663\u0663", "9999\09999", "99999999999999999999999999",
        }
            .Select(junk => Text(
                $"retry with an odd value: '{junk.Replace("\0", "NUL", StringComparison.Ordinal)}'",
                $"retry: {junk}\nRetry: 9999999\ndata: a\n\n")),
    ];

    /// <summary>
    /// Each sequence alone, in the middle of text, cut off by a line end, and with each byte in a separate chunk.
    /// </summary>
    private static IEnumerable<RecordedStream> IllFormed() =>
        from sequence in new[]
        {
            "\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC3", "\xC3\x28", "\xE2\x82", "\xE2\x28\xA1", "\xE0\x80\x80",
            "\xE0\x9F\xBF", "\xED\xA0\x80", "\xED\xB0\x80", "\xED\xA0\xB4\xED\xB4\x9E", "\xF0\x9D\x84", "\xF0\x9D",
            "\xF0", "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
            "\xF8\x88\x80\x80\x80", "\xFC\x84\x80\x80\x80\x80", "\xFE", "\xFF", "\xE2\x82\xE2\x82\xAC",
            "\xF0\x9D\xC3\xA9", "\xEF\xBB", "\xEF\xBF",
        }
        let hex = string.Concat(sequence.Select(c => $"{(int)c:X2}"))
        let stream =
            $"data:{sequence}\n\ndata: a{sequence}b{sequence}\ndata:{sequence}\xAC\n\nid: {sequence}\ndata: c\n\n"
        from recorded in new[]
        {
            Latin1($"ill-formed {hex}", stream),
            Latin1($"ill-formed {hex}, each byte a chunk", [.. stream.Select(c => $"{c}")]),
        }
        select recorded;

    private static IEnumerable<RecordedStream> Ends() =>
    [
        Text("nothing", ""),
        Text("unfinished block", "data: a\n\ndata: b\n"),
        Text("unfinished line", "data: a\n\ndata: b"),
        Text("unfinished blank line", "data: a\n\ndata: b\r"),
        Text("CR at the end", "data: a\n\ndata: b\n\r"),
        Text("unfinished comment", "data: a\n\n:b"),
        Latin1("half a character", "data: a\n\ndata: \xE2\x82"),
    ];

    private static IEnumerable<RecordedStream> Sizes() =>
    [
        Text("line of 1 MB", $"data: {new string('x', 1 << 20)}\n\ndata: a\n\n"),
        Text("comment of 1 MB", $": {new string('x', 1 << 20)}\n\ndata: a\n\n"),
        Text("name of 100 KB", $"{new string('x', 100_000)}: y\ndata: a\n\n"),
        Text("10000 lines", $"{string.Concat(Enumerable.Range(0, 10_000).Select(i => $"data: {i}\n"))}\n"),
        Text(
            "3000 events",
            string.Concat(Enumerable.Range(1, 3000)
                .Select(i => $"id: {i}\nevent: {(i % 2 == 0 ? "tick" : "tock")}\ndata: {i}\n\n"))),
        Text(
            "characters over many chunks",
            [
                .. $"data: {string.Concat(Enumerable.Repeat("漢𝄞é", 5000))}\n\n".Chunk(1001)
                    .Select(chunk => new string(chunk)),
            ]),
    ];
}
