namespace Rx.Sse;

/// <summary>Represents a signal of <c>SseOptions.ReconnectWhen</c> that has replaced a connection.</summary>
/// <remarks>
/// It is the <see cref="SseDisconnected.Reason"/> of an <see cref="SseDisconnected"/>, and not a failure. The stream
/// only ends with it if the request may not be sent again.
/// </remarks>
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
