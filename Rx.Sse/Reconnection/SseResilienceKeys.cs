using Polly;

namespace Rx.Sse;

/// <summary>What strategies of one's own find in <see cref="ResilienceContext.Properties"/>.</summary>
public static class SseResilienceKeys
{
    /// <summary>The server's last <c>retry</c>; <see langword="null"/> before there was one.</summary>
    public static ResiliencePropertyKey<TimeSpan?> ReconnectionTime { get; } = new("Rx.Sse.ReconnectionTime");

    /// <summary>The last event ID, which the next connection will resume after; empty before there was one.</summary>
    public static ResiliencePropertyKey<string> LastEventId { get; } = new("Rx.Sse.LastEventId");

    /// <summary>How many failures in a row came before this outage, as <c>MaxRetryAttempts</c> counts them.</summary>
    public static ResiliencePropertyKey<int> PreviousFailures { get; } = new("Rx.Sse.PreviousFailures");
}
