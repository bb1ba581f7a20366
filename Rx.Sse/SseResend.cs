namespace Rx.Sse;

/// <summary>Specifies whether a request that is not safe, such as a POST, may be sent again after a failure.</summary>
/// <remarks>
/// <para>A request with a safe method (GET, HEAD, OPTIONS, TRACE; RFC 9110, section 9.2.1) may always be sent again,
/// and so may a request that was never passed to the client, for example because of an open circuit.</para>
/// <para>The regular end of a response is not a failure: see <see cref="SseOptions.EndOfStream"/>.</para>
/// </remarks>
public enum SseResend
{
    /// <summary>The request is sent once, and a failure ends the stream.</summary>
    Never,

    /// <summary>The request is sent again if the server has not received it, or has refused it.</summary>
    /// <remarks>
    /// No connection to the server could be opened, or the server answered with a status that the reconnection policy
    /// retries. A timeout before the headers, or a lost connection, is not a refusal. A 502 or 504 of a gateway does
    /// not prove that the server behind it has done nothing. If that matters, set
    /// <see cref="SseReconnection.ShouldHandle"/>.
    /// </remarks>
    WhenRefused,

    /// <summary>The request is sent again after any failure that the policy retries. Events may come twice.</summary>
    Always,
}
