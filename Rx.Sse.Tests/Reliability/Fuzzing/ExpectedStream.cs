namespace Rx.Sse.Tests.Reliability.Fuzzing;

/// <summary>The expected result of reading a stream.</summary>
/// <param name="Log">The contents of the stream, up to the limit.</param>
/// <param name="IsTooLarge">Whether the stream exceeds the limit.</param>
internal sealed record ExpectedStream(StreamLog Log, bool IsTooLarge)
{
    /// <summary>A shorter delay counts as no delay, and timers do not support a longer one.</summary>
    private static readonly TimeSpan ShortestDelay =
        TimeSpan.FromMilliseconds(100), LongestDelay = TimeSpan.FromMilliseconds(int.MaxValue);

    /// <summary>What <c>ParseSse</c> delivers.</summary>
    public List<object> Events => [.. Log.Events, IsTooLarge ? typeof(SseLimitException) : "completed"];

    /// <summary>What <c>FromSseSignals</c> delivers until the next connection.</summary>
    public List<object> Signals =>
        [
            "connecting ''", "opened", .. Log.Items.Where(item => item is not ReconnectionTime),
            .. IsTooLarge ? [typeof(SseLimitException)] : (object[])[Delay, $"connecting '{Log.LastEventId}'"],
        ];

    private TimeSpan Delay
    {
        get
        {
            TimeSpan delay = Log.Items.OfType<ReconnectionTime>()
                .LastOrDefault()?.Time ?? SseReconnection.Default.Delay;
            return delay < ShortestDelay ? ShortestDelay : delay > LongestDelay ? LongestDelay : delay;
        }
    }

    public static ExpectedStream Of(HostileStream stream)
    {
        int? end = ReferenceLimit.FirstByteBeyond(stream.Bytes, stream.MaxEventSize);
        return new(ReferenceParser.Parse(stream.Bytes[..(end ?? stream.Bytes.Length)]), end is not null);
    }
}
