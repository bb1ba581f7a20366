namespace Rx.Sse;

/// <summary>Represents an attempt to connect, as request factories and strategies get it.</summary>
/// <remarks>
/// A factory gets it as the argument of <see cref="SseRequest.Create(Func{SseAttempt, HttpRequestMessage})"/>, a
/// strategy by the key <see cref="SseResilienceKeys.Attempt"/>.
/// </remarks>
public readonly record struct SseAttempt
{
    /// <summary>Initializes a new instance, for example to call a request factory in a test.</summary>
    public SseAttempt()
    {
    }

    /// <summary>Gets the event ID after which the connection resumes; empty if there is none.</summary>
    /// <remarks>It does not depend on whether the <c>Last-Event-ID</c> header is sent.</remarks>
    public string LastEventId { get => field ?? ""; init; } = "";

    /// <summary>Gets the number of connections that the stream has opened so far.</summary>
    public int ConnectionCount { get; init; }

    /// <summary>Gets the number of failures in a row before this attempt, from 0.</summary>
    /// <remarks>
    /// The run of failures ends when a connection has dispatched an event or has stayed open for 30 seconds, and with
    /// a signal of <c>SseOptions.ReconnectWhen</c>.
    /// </remarks>
    public int FailureCount { get; init; }

    /// <summary>Gets the failure of the last attempt or connection; <see langword="null"/> if there is none.</summary>
    /// <remarks>
    /// It is <see langword="null"/> for the first attempt, and for one that a signal of <c>SseOptions.ReconnectWhen</c>
    /// has caused.
    /// </remarks>
    public SseException? Failure { get; init; }
}
