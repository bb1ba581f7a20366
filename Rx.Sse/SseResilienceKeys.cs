using Polly;

namespace Rx.Sse;

/// <summary>What strategies find in <see cref="ResilienceContext.Properties"/>.</summary>
public static class SseResilienceKeys
{
    /// <summary>Gets the key of the server's last <c>retry</c>; <see langword="null"/> before there was one.</summary>
    public static ResiliencePropertyKey<TimeSpan?> ReconnectionTime { get; } = new("Rx.Sse.ReconnectionTime");

    /// <summary>
    /// Gets the key of the attempt: the one that is being made, or that has failed. When a connection was lost and no
    /// attempt has followed yet, it is the one that will.
    /// </summary>
    public static ResiliencePropertyKey<SseAttempt> Attempt { get; } = new("Rx.Sse.Attempt");
}
