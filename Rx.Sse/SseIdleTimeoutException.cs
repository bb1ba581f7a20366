namespace Rx.Sse;

/// <summary>
/// No byte arrived within <see cref="SseOptions.IdleTimeout"/>, not even of a comment. Retried by default.
/// </summary>
public sealed class SseIdleTimeoutException : SseException
{
    /// <summary>Initializes a new instance, for example to simulate the failure in a test.</summary>
    public SseIdleTimeoutException(TimeSpan idleTimeout)
        : base(FormattableString.Invariant($"The server sent nothing for {idleTimeout.TotalSeconds} s.")) =>
        IdleTimeout = idleTimeout;

    /// <summary>Gets the time without a byte after which the connection was dropped.</summary>
    public TimeSpan IdleTimeout { get; }
}
