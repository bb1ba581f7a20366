using System.Text;
using System.Text.RegularExpressions;
using Rx.Sse.Tests.Reliability.Fuzzing;

namespace Rx.Sse.Tests.Integration.Browser;

/// <summary>
/// Where the native <c>EventSource</c> of each browser engine differs from WHATWG HTML, which this library follows. The
/// tests assert the differences as well, so that changes are noticed.
/// </summary>
internal static partial class EventSourceDifferences
{
    /// <summary>The UTF-8 byte order mark, as Latin-1 characters.</summary>
    private const string Mark = "\xEF\xBB\xBF";

    private static readonly TimeSpan LongestReconnectionTime = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// 9.2.6: "If the field value consists of only ASCII digits, then interpret the field value as an integer in base
    /// ten [...] Otherwise, ignore the field." An empty value is not an integer, so it is ignored. Chromium resets the
    /// reconnection time to its default.
    /// </summary>
    public static IReadOnlyList<RecordedStream> RetriesWithoutAValue { get; } =
    [
        RecordedStream.Text("retry without a value", "retry:\ndata: a\n\n"),
        RecordedStream.Text("retry with a space for a value", "retry: \ndata: a\n\n"),
        RecordedStream.Text("retry without a colon", "retry\ndata: a\n\n"),
    ];

    /// <summary>
    /// Returns the minimum time that the engine waits before it reconnects after that stream. Chromium's default is 3
    /// s. Firefox never waits less than 500 ms.
    /// </summary>
    public static TimeSpan LeastDelay(this BrowserEngine engine, RecordedStream stream) => engine switch
    {
        BrowserEngine.Chromium when RetriesWithoutAValue.Contains(stream) => TimeSpan.FromSeconds(3),
        BrowserEngine.Firefox => TimeSpan.FromMilliseconds(500),
        _ => TimeSpan.Zero,
    };

    /// <summary>
    /// Returns whether the engine applies a <c>retry</c> of a second or more that others ignore. The standard says to
    /// ignore values with NUL between the digits, which Firefox accepts, and values with spaces or plus signs around
    /// the digits, which WebKit accepts. The standard does not limit the number of digits: Firefox accepts any number,
    /// the others only what fits their integers.
    /// </summary>
    public static bool StaysAway(this BrowserEngine engine, RecordedStream stream) => engine switch
    {
        BrowserEngine.Firefox => LongRetry().IsMatch(Encoding.Latin1.GetString(AsFirefoxReads(stream.Bytes))),
        BrowserEngine.WebKit => LongRetryWithSpaces().IsMatch(Encoding.Latin1.GetString(stream.Bytes)),
        _ => false,
    };

    /// <summary>
    /// Returns whether any engine waits long after that stream, either as the standard says or because it differs.
    /// </summary>
    public static bool MakesABrowserWait(RecordedStream stream) =>
        ReferenceParser.Parse(stream.Bytes).Items.OfType<ReconnectionTime>()
            .Any(retry => retry.Time > LongestReconnectionTime)
        || RetryWithoutAValue().IsMatch(Encoding.Latin1.GetString(stream.Bytes))
        || AnyLongRetry().IsMatch(Encoding.Latin1.GetString(stream.Bytes));

    /// <summary>
    /// Returns a stream that, read as the standard says, gives what the engine reads from the given one.
    /// </summary>
    public static byte[] AsRead(this BrowserEngine engine, RecordedStream stream) => engine switch
    {
        BrowserEngine.Chromium => AsChromiumReads(stream.Bytes),
        BrowserEngine.Firefox => AsFirefoxReads(stream.Bytes),
        _ => AsWebKitReads(stream),
    };

    /// <summary>
    /// Returns whether the engine follows the standard only if the first chunks of the stream arrive as one, which no
    /// server can prevent.
    /// </summary>
    public static bool DependsOnChunks(this BrowserEngine engine, RecordedStream stream) =>
        engine == BrowserEngine.WebKit && CutsTheMark(stream);

    /// <summary>
    /// Returns the ID that the engine sends after it has read that stream. WebKit sends the ID of the last event: it
    /// forgets the ID of a block without data if no event follows.
    /// </summary>
    public static string LastEventIdAfter(this BrowserEngine engine, StreamLog read, string idBefore) =>
        engine == BrowserEngine.WebKit ? read.Events.LastOrDefault()?.LastEventId ?? idBefore : read.LastEventId;

    /// <summary>
    /// 9.2.5: <c>stream = [ bom ] *event</c>, and an event may be just a line end. Chromium 156 treats a line end right
    /// after the byte order mark as part of the first line, and so does not recognize the name of that line's field.
    /// </summary>
    private static byte[] AsChromiumReads(byte[] stream) =>
        stream is [0xEF, 0xBB, 0xBF, (byte)'\n' or (byte)'\r', .. var rest]
            ? [0xEF, 0xBB, 0xBF, (byte)'?', .. rest]
            : stream;

    /// <summary>
    /// Firefox 153 handles NUL in three ways, whereas the standard mentions it only for an ID: "If the field value does
    /// not contain U+0000 NULL" (9.2.6). Firefox skips NUL in values and after LF, and after an ID with NUL it puts the
    /// letters "id" before the name on the next line. It also forgets the ID of a block without data, which the
    /// standard keeps: "Set the last event ID string [...] to the value of the last event ID buffer" comes before "If
    /// the data buffer is an empty string".
    /// </summary>
    private static byte[] AsFirefoxReads(byte[] stream)
    {
        string text = Encoding.Latin1.GetString(stream);
        bool hasMark = text.StartsWith(Mark, StringComparison.Ordinal);
        string nameStart = "", end = "";
        var read = new List<string>();
        var block = new List<string>();
        foreach (Match line in Line().Matches(hasMark ? text[Mark.Length..] : text))
        {
            string content = line.Groups["content"].Value;
            content = ReadFirefoxLine(end.EndsWith('\n') ? content.TrimStart('\0') : content, ref nameStart);
            end = line.Groups["end"].Value;
            block.Add(content + end);
            if (content.Length > 0)
                continue;
            bool hasData = block.Any(field => FieldNameIs(field, "data"));
            read.AddRange(block.Select(field => !hasData && FieldNameIs(field, "id") ? "?" + field : field));
            block.Clear();
        }

        return Encoding.Latin1.GetBytes((hasMark ? Mark : "") + string.Concat(read.Concat(block)));
    }

    /// <param name="content">The line without its line end.</param>
    /// <param name="nameStart">The text to put before the name on this line; set to the text for the next line.</param>
    private static string ReadFirefoxLine(string content, ref string nameStart)
    {
        if (content.StartsWith(':'))
            return content;
        string[] parts = (content.Length > 0 ? nameStart + content : "").Split(':', 2);
        nameStart = "";
        if (parts.Length == 1)
            return parts[0];

        // The first character of a value is always kept.
        string first = parts[1].Length > 0 ? parts[1][..1] : "", rest = parts[1][first.Length..];
        if (parts[0] != "id" || !rest.Contains('\0', StringComparison.Ordinal))
            return $"{parts[0]}:{first}{rest.Replace("\0", "", StringComparison.Ordinal)}";
        nameStart = "id";
        return ":";
    }

    /// <summary>
    /// Streams "must always be decoded as UTF-8" (9.2.5). WebKit 2.50 recognizes the UTF-16 byte order mark, and treats
    /// the UTF-8 byte order mark as text if the first chunk contains only a part of it.
    /// </summary>
    private static byte[] AsWebKitReads(RecordedStream stream) => stream.Bytes switch
    {
        [0xFF, 0xFE, .. var rest] => Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(rest)),
        [0xEF, 0xBB, 0xBF, ..] when CutsTheMark(stream) => [(byte)'?', .. stream.Bytes],
        _ => stream.Bytes,
    };

    private static bool CutsTheMark(RecordedStream stream) => stream.Chunks[0].Length < Mark.Length;

    private static bool FieldNameIs(string line, string name) => line.TrimEnd('\r', '\n').Split(':')[0] == name;

    [GeneratedRegex("(?<content>[^\r\n]*)(?<end>\r\n|\n|\r|$)")]
    private static partial Regex Line();

    [GeneratedRegex(@"retry:? ?[\r\n]")]
    private static partial Regex RetryWithoutAValue();

    [GeneratedRegex(@"(?<![^\r\n])retry: ?0*[1-9][0-9]{3,}[\r\n]")]
    private static partial Regex LongRetry();

    [GeneratedRegex(@"(?<![^\r\n])retry:[ +]*0*[1-9][0-9]{3,8} *[\r\n]")]
    private static partial Regex LongRetryWithSpaces();

    [GeneratedRegex(@"retry:?[\0 \t+]*[0-9\0]{4,}")]
    private static partial Regex AnyLongRetry();
}
