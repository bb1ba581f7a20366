using Polly;

namespace Rx.Sse.Reconnection;

/// <summary>
/// The time without a connection, as the reconnect strategy uses it. The strategy gets it from the context.
/// </summary>
internal interface IOutage
{
    /// <summary>Gets the number of failures in a row so far, without the current one.</summary>
    int FailureCount { get; }

    /// <summary>Gets the server's last <c>retry</c>; null before there was one.</summary>
    TimeSpan? ReconnectionTime { get; }

    /// <summary>Gets whether no further attempt may be made, whatever the policy decides.</summary>
    bool IsFinal { get; }

    /// <summary>
    /// Returns the loss that began the outage, at the first call only. Null at the first connect.
    /// </summary>
    Exception? TakeLoss();

    /// <summary>
    /// Checks the outcome of an attempt. A response of an inner strategy is checked like one of the server.
    /// </summary>
    ValueTask<Outcome<HttpResponseMessage>> CheckAsync(Outcome<HttpResponseMessage> outcome);

    /// <summary>
    /// Determines whether the limit and the rules for sending again allow another attempt after the failure.
    /// </summary>
    bool MayRetry(int maxRetryAttempts);

    /// <summary>
    /// Takes the pending signal of <c>ReconnectWhen</c>. Returns false if there is none.
    /// </summary>
    bool TakeSignal();

    /// <summary>Counts a failure that another attempt follows, and delivers it as <c>SseDisconnected</c>.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="delay">The delay of this strategy; null if another strategy makes the attempt.</param>
    void ReportRetry(Exception failure, TimeSpan? delay);

    /// <summary>Waits until the delay is over or <c>ReconnectWhen</c> signals, but at least for the minimum.</summary>
    Task WaitAsync(TimeSpan delay, TimeSpan minimum, CancellationToken cancellation);
}
