using Polly;

namespace Rx.Sse;

/// <summary>Keys of the properties that strategies find in <see cref="ResilienceContext.Properties"/>.</summary>
public static class SseResilienceKeys
{
    /// <summary>Gets the key of the server's last <c>retry</c>; <see langword="null"/> before there was one.</summary>
    public static ResiliencePropertyKey<TimeSpan?> ReconnectionTime { get; } = new("Rx.Sse.ReconnectionTime");

    /// <summary>
    /// Gets the key of the attempt: the one that is being made, or that has failed. For the loss of a
    /// connection, which is no attempt, it has the counts and the ID of that moment and no failure.
    /// </summary>
    public static ResiliencePropertyKey<SseAttempt> Attempt { get; } = new("Rx.Sse.Attempt");
}
