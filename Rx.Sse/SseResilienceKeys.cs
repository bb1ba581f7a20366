using Polly;

namespace Rx.Sse;

/// <summary>Provides the keys of <see cref="ResilienceContext.Properties"/> for strategies.</summary>
public static class SseResilienceKeys
{
    /// <summary>Gets the key of the server's last <c>retry</c>; <see langword="null"/> before there was one.</summary>
    public static ResiliencePropertyKey<TimeSpan?> ReconnectionTime { get; } = new("Rx.Sse.ReconnectionTime");

    /// <summary>Gets the key of the current attempt, or of the one that has just failed.</summary>
    /// <remarks>
    /// The loss of a connection is not an attempt: the value then has the current counts and ID, and no failure.
    /// </remarks>
    public static ResiliencePropertyKey<SseAttempt> Attempt { get; } = new("Rx.Sse.Attempt");
}
