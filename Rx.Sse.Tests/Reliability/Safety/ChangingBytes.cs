namespace Rx.Sse.Tests.Reliability.Safety;

/// <summary>
/// Input that consists of the pieces a parser looks for, and that may be overwritten with other pieces at any time. It
/// never contains a NUL or the canary of <see cref="CanaryPool"/>, so either of them in the output is a byte that was
/// not in the input.
/// </summary>
internal static class ChangingBytes
{
    private static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "\n", "\n\n", "\r", "\r\n", "\r\n\r\n", "\n\r", "data:", "data: x", "data", "data:\n\n", "event: e\n",
            "event:", "id: 7\n", "id:", "id: 1234567890123456789\n",
            "retry: 5\n", "retry:", ":", ": comment\n", "unknown", " ",
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "é", "日本語日本語日本語", "😀",
            "data: a line of some length, and then another\ndata: b\n\n",
        }.Select(System.Text.Encoding.UTF8.GetBytes),
        [0x80], [0xC3], [0xE3, 0x81], [0xF0, 0x9F], [0xFF], [0xED, 0xA0, 0x80], [0xF0],
    ];

    public static void Fill(Span<byte> bytes, Random random)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[Write(bytes, random)..];
    }

    /// <summary>Overwrites a few places.</summary>
    public static void Overwrite(Span<byte> bytes, Random random)
    {
        for (int count = random.Next(1, 4); count > 0; count--)
            Write(bytes[random.Next(bytes.Length)..], random);
    }

    /// <summary>Returns whether all the bytes that a parser reported can be from the input.</summary>
    public static bool IsOfTheInput(ReadOnlySpan<byte> bytes) => bytes.IndexOfAny((byte)0, CanaryPool.Canary) < 0;

    public static bool IsOfTheInput(string? text) => text.AsSpan().IndexOfAny('\0', (char)CanaryPool.Canary) < 0;

    public static bool IsOfTheInput(SseEvent e) =>
        IsOfTheInput(e.Event) && IsOfTheInput(e.Data) && IsOfTheInput(e.Id) && IsOfTheInput(e.LastEventId);

    private static int Write(Span<byte> bytes, Random random)
    {
        ReadOnlySpan<byte> piece = Pieces[random.Next(Pieces.Length)];
        piece = piece[..Math.Min(piece.Length, bytes.Length)];
        piece.CopyTo(bytes);
        return piece.Length;
    }
}
