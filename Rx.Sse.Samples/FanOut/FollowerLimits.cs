namespace Rx.Sse.Samples.FanOut;

/// <summary>What a follower is sent while nothing happens, and how slow it may be.</summary>
internal sealed record FollowerLimits
{
    /// <summary>
    /// After how much silence a comment is sent, so that nothing on the way takes the connection for dead. Default: 15
    /// seconds.
    /// </summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long one event may wait until the connection has room for it. Then the follower is dropped; it may come back
    /// with its ID. Default: 30 seconds.
    /// </summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
