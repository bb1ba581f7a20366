namespace Rx.Sse;

/// <summary>
/// <c>SseOptions.ReconnectWhen</c> asked for a new connection. It is the reason of an <see cref="SseDisconnected"/>,
/// and not a failure: a stream ends with it only if the request may not be sent again.
/// </summary>
public sealed class SseReconnectRequestedException : SseException
{
    /// <summary>Initializes a new instance, for example to simulate the signal in a test.</summary>
    /// <param name="innerException">
    /// The failure of the attempt during which the signal came; <see langword="null"/> if a connection was open.
    /// </param>
    public SseReconnectRequestedException(Exception? innerException = null)
        : base("A new connection was requested by ReconnectWhen.", innerException)
    {
    }
}
