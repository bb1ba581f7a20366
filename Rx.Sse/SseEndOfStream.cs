namespace Rx.Sse;

/// <summary>
/// Specifies what happens when the server ends a response in the regular way, as opposed to a connection that breaks.
/// </summary>
public enum SseEndOfStream
{
    /// <summary>
    /// The end counts as a drop: the stream reconnects, as the reconnection policy says. If the policy declines that,
    /// the stream completes. A request that may not be sent again fails with <see cref="SseEndOfStreamException"/>; see
    /// <see cref="SseOptions.Resend"/>.
    /// </summary>
    Reconnect,

    /// <summary>The observable completes.</summary>
    Complete,

    /// <summary>
    /// The observable fails with <see cref="SseEndOfStreamException"/>. For streams whose last event says that it is
    /// the last: <c>TakeWhile(e =&gt; e.Data != "[DONE]")</c> completes if it came, and its absence is an error.
    /// </summary>
    Fail,
}
