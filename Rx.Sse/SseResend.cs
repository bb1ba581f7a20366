namespace Rx.Sse;

/// <summary>
/// Specifies whether a request whose method is not safe, such as a POST, may be sent again after a failure. A safe one
/// (GET, HEAD, OPTIONS, TRACE; RFC 9110, section 9.2.1) always may, and so may one that was never handed to the client,
/// for example because a circuit was open.
/// </summary>
/// <remarks>
/// It does not say what a regular end means: that is <see cref="SseOptions.EndOfStream"/>.
/// </remarks>
public enum SseResend
{
    /// <summary>It is sent once. A failure ends the stream.</summary>
    Never,

    /// <summary>
    /// It is sent again only if no connection to the server came about, or if the server answered with a status that
    /// the reconnection policy retries. A timeout before the headers and a connection that breaks are no refusal.
    /// </summary>
    /// <remarks>
    /// A 502 or 504 of a gateway does not prove that the server behind it has done nothing. If that matters, set
    /// <see cref="SseReconnection.ShouldHandle"/>.
    /// </remarks>
    WhenRefused,

    /// <summary>It is sent again after any failure that the policy retries. Events may come twice.</summary>
    Always,
}
