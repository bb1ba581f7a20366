namespace Rx.Sse;

/// <summary>Specifies what happens at the regular end of a response, as opposed to a lost connection.</summary>
public enum SseEndOfStream
{
    /// <summary>The stream reconnects, as after a lost connection.</summary>
    /// <remarks>
    /// If the reconnection policy declines that, the stream completes. If the request may not be sent again, because of
    /// <see cref="SseOptions.Resend"/>, the stream fails with <see cref="SseEndOfStreamException"/>.
    /// </remarks>
    Reconnect,

    /// <summary>The stream completes.</summary>
    Complete,

    /// <summary>The stream fails with <see cref="SseEndOfStreamException"/>.</summary>
    /// <remarks>
    /// For streams with an event that marks the end: <c>TakeWhile(e =&gt; e.Data != "[DONE]")</c> completes if it
    /// comes, and its absence is an error.
    /// </remarks>
    Fail,
}
