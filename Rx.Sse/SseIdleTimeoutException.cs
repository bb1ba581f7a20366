namespace Rx.Sse;

/// <summary>
/// No byte came, not even of a comment, for as long as <see cref="SseOptions.IdleTimeout"/> allows. Retried by default.
/// </summary>
public sealed class SseIdleTimeoutException : SseException
{
    /// <summary>Initializes a new instance, for example to simulate the failure in a test.</summary>
    public SseIdleTimeoutException(TimeSpan idleTimeout)
        : base($"The server sent nothing for {idleTimeout}.") => IdleTimeout = idleTimeout;

    /// <summary>The limit that was reached.</summary>
    public TimeSpan IdleTimeout { get; }
}
