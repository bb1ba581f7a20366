namespace Rx.Sse.Tests.Integration.Browser;

/// <summary>
/// All that Chromium (as of version 156) does otherwise than WHATWG HTML says, and this library as it says. Asserted like the rest, so that
/// the day Chromium changes is noticed.
/// </summary>
internal static class ChromiumDifferences
{
    /// <summary>What Chromium waits before it reconnects, unless a server has said otherwise.</summary>
    public static readonly TimeSpan DefaultReconnectionTime = TimeSpan.FromSeconds(3);

    /// <summary>
    /// 9.2.6: "If the field value consists of only ASCII digits, then interpret the field value as an integer in base ten [...] Otherwise,
    /// ignore the field." An empty value is no integer, and so it is ignored. Chromium goes back to its default.
    /// </summary>
    public static IReadOnlyList<RecordedStream> RetriesWithoutAValue { get; } =
    [
        RecordedStream.Text("retry without a value", "retry:\ndata: a\n\n"),
        RecordedStream.Text("retry with a space for a value", "retry: \ndata: a\n\n"),
        RecordedStream.Text("retry without a colon", "retry\ndata: a\n\n"),
    ];

    /// <summary>
    /// 9.2.5: <c>stream = [ bom ] *event</c>, and an event may be no more than an end of line. Chromium takes a line end right after the byte
    /// order mark for part of the first line, whose name is then one that nobody knows.
    /// </summary>
    /// <returns>What Chromium reads as the standard reads that stream.</returns>
    public static byte[] AsChromiumReads(byte[] stream) =>
        stream is [0xEF, 0xBB, 0xBF, (byte)'\n' or (byte)'\r', .. var rest] ? [0xEF, 0xBB, 0xBF, (byte)'?', .. rest] : stream;
}
