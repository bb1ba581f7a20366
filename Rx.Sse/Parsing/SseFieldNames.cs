namespace Rx.Sse.Parsing;

/// <summary>The fields that mean something (WHATWG HTML 9.2.6). All others are ignored.</summary>
internal enum SseFieldName
{
    Unknown,
    Data,
    Event,
    Id,
    Retry,
}

/// <summary>The names of fields, and how to tell them.</summary>
internal static class SseFieldNames
{
    // The first eight bytes of a line, the very first one lowest; those after the colon are shifted out.
    private const ulong Data = 0x3A_61_74_61_64, DataAndSpace = 0x20_3A_61_74_61_64, Event = 0x3A_74_6E_65_76_65, Id = 0x3A_64_69;

    public static bool IsData(ulong head) => head << 24 == Data << 24;

    /// <summary>With the space after the colon, as most lines have it.</summary>
    public static bool IsDataAndSpace(ulong head) => head << 16 == DataAndSpace << 16;

    public static bool IsEvent(ulong head) => head << 16 == Event << 16;

    public static bool IsId(ulong head) => head << 40 == Id << 40;

    /// <summary>Any line that is neither blank nor a comment, according to the standard's words.</summary>
    public static SseFieldName Read(ReadOnlySpan<byte> line, out int valueStart)
    {
        // "Collect the characters on the line before the first U+003A COLON character (:), and let field be that
        // string. Collect the characters after it, and let value be that string. If value starts with a U+0020 SPACE
        // character, remove it." Without a colon, the whole line is the name and the value is empty.
        int colon = line.IndexOf((byte)':');
        ReadOnlySpan<byte> name = colon < 0 ? line : line[..colon];
        valueStart = colon < 0 ? line.Length : colon + 1;
        if (valueStart < line.Length && line[valueStart] == ' ')
            valueStart++;

        // Names are compared byte by byte: "Field names must be compared literally, with no case folding performed."
        if (name.SequenceEqual("data"u8))
            return SseFieldName.Data;
        if (name.SequenceEqual("event"u8))
            return SseFieldName.Event;
        if (name.SequenceEqual("id"u8))
            return SseFieldName.Id;
        return name.SequenceEqual("retry"u8) ? SseFieldName.Retry : SseFieldName.Unknown;
    }
}
