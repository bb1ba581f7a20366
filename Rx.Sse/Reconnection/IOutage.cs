using Polly;

namespace Rx.Sse.Reconnection;

/// <summary>
/// The time without a connection, as the reconnect strategy sees it. It is in the context of the pipeline's execution.
/// </summary>
internal interface IOutage
{
    /// <summary>The failures in a row so far, without the one at hand.</summary>
    int FailureCount { get; }

    /// <summary>The server's last <c>retry</c>; null before there was one.</summary>
    TimeSpan? ReconnectionTime { get; }

    /// <summary>Whether nothing more may be sent, whatever the policy says.</summary>
    bool IsFinal { get; }

    /// <summary>
    /// What began the outage, at the first call. Null at later ones, and at the first connect of a stream.
    /// </summary>
    Exception? TakeLoss();

    /// <summary>Checks what an attempt has come to. A response of an inner strategy is checked like the server's.</summary>
    ValueTask<Outcome<HttpResponseMessage>> CheckAsync(Outcome<HttpResponseMessage> outcome);

    /// <summary>Whether that failure may be followed by another attempt: the limit, and what may be sent again.</summary>
    bool MayRetry(int maxRetryAttempts);

    /// <summary>Whether <c>ReconnectWhen</c> has asked for a connection. Then the run of failures starts again.</summary>
    bool TakeRequest();

    /// <summary>Another attempt follows the failure. Observers are told.</summary>
    void Retry(Exception failure, TimeSpan delay);

    /// <summary>Waits, unless <c>ReconnectWhen</c> ends that. The minimum is waited in any case.</summary>
    Task WaitAsync(TimeSpan delay, TimeSpan minimum, CancellationToken cancellation);
}
