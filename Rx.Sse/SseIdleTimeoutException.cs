namespace Rx.Sse;

/// <summary>
/// Represents the failure of a connection that was silent for longer than <see cref="SseOptions.IdleTimeout"/>.
/// </summary>
/// <remarks>No byte arrived within that time, not even of a comment. Retried by default.</remarks>
public sealed class SseIdleTimeoutException : SseException
{
    /// <summary>Initializes a new instance, for example to simulate the failure in a test.</summary>
    /// <param name="idleTimeout">The time without a byte.</param>
    public SseIdleTimeoutException(TimeSpan idleTimeout)
        : base(FormattableString.Invariant($"The server sent nothing for {idleTimeout.TotalSeconds} s.")) =>
        IdleTimeout = idleTimeout;

    /// <summary>Gets the time without a byte after which the connection was dropped.</summary>
    public TimeSpan IdleTimeout { get; }
}
