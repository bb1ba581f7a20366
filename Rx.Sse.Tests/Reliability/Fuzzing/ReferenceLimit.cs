namespace Rx.Sse.Tests.Reliability.Fuzzing;

/// <summary>
/// The limit on the size of an event, in slow and simple code. It applies to all lines of a block together, without
/// comments and line ends, and to each comment separately. It is not part of the standard, but documented at <see
/// cref="SseOptions.MaxEventSize"/>.
/// </summary>
internal static class ReferenceLimit
{
    /// <summary>
    /// Returns the position of the first byte that exceeds the limit; null if there is none. Everything before it has
    /// been dispatched.
    /// </summary>
    public static int? FirstByteBeyond(byte[] input, int maxEventSize)
    {
        int start = StartAfterByteOrderMark(input);
        int line = 0, block = 0;
        bool isComment = false;
        for (int i = start; i < input.Length; i++)
        {
            if (input[i] is not ((byte)'\r' or (byte)'\n'))
            {
                isComment = line == 0 ? input[i] == ':' : isComment;
                line++;
                if (line + (isComment ? 0 : block) > maxEventSize)
                    return i;
                continue;
            }

            if (input[i] == '\r' && i + 1 < input.Length && input[i + 1] == '\n')
                i++;
            if (line == 0)
                block = 0;
            else if (!isComment)
                block += line;
            line = 0;
        }

        return null;
    }

    /// <summary>An input that is only the start of a byte order mark is not a line yet.</summary>
    private static int StartAfterByteOrderMark(byte[] input)
    {
        byte[] mark = [0xEF, 0xBB, 0xBF];
        int common = Math.Min(input.Length, mark.Length);
        return input.AsSpan(0, common).SequenceEqual(mark.AsSpan(0, common)) ? common : 0;
    }
}
