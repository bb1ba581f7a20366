using Polly;

namespace Rx.Sse.Reconnection;

/// <summary>
/// The time without a connection, as the reconnect strategy sees it. It is in the context of the pipeline's execution.
/// </summary>
internal interface IOutage
{
    /// <summary>Gets the number of failures in a row so far, without the current one.</summary>
    int FailureCount { get; }

    /// <summary>Gets the server's last <c>retry</c>; null before there was one.</summary>
    TimeSpan? ReconnectionTime { get; }

    /// <summary>Gets whether nothing more may be sent, whatever the policy decides.</summary>
    bool IsFinal { get; }

    /// <summary>
    /// Returns the loss that began the outage, at the first call. Null at later calls, and at the first connect.
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
    /// Takes the request of <c>ReconnectWhen</c> for a connection, if there is one. Then the run of failures starts
    /// again.
    /// </summary>
    bool TakeRequest();

    /// <summary>Counts the failure, which another attempt follows, and reports it to the observer.</summary>
    void Retry(Exception failure, TimeSpan delay);

    /// <summary>Waits until <c>ReconnectWhen</c> ends the wait, but at least for the minimum.</summary>
    Task WaitAsync(TimeSpan delay, TimeSpan minimum, CancellationToken cancellation);
}
