namespace Rx.Sse.Parsing;

/// <summary>Parses the value of a <c>retry</c> field.</summary>
internal static class RetryField
{
    /// <summary>
    /// The maximum, in whole milliseconds, of a <see cref="TimeSpan"/>. Larger values are reduced to it.
    /// </summary>
    private const long LargestMilliseconds = long.MaxValue / TimeSpan.TicksPerMillisecond;

    /// <summary>
    /// WHATWG HTML 9.2.6: "If the field value consists of only ASCII digits, then interpret the field value as an
    /// integer in base ten, and set the event stream's reconnection time to that integer. Otherwise, ignore the field."
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out TimeSpan time)
    {
        time = default;
        if (value.IsEmpty)
            return false;

        long milliseconds = 0;
        foreach (byte character in value)
        {
            int digit = character - '0';
            if (digit is < 0 or > 9)
                return false;
            milliseconds = Math.Min(10 * milliseconds + digit, LargestMilliseconds);
        }

        time = TimeSpan.FromTicks(milliseconds * TimeSpan.TicksPerMillisecond);
        return true;
    }
}
