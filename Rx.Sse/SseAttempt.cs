namespace Rx.Sse;

/// <summary>Provides information about an attempt to connect, for request factories and strategies.</summary>
/// <remarks>
/// A factory gets it from <see cref="SseRequest.Create(Func{SseAttempt, HttpRequestMessage})"/>, a strategy from
/// <see cref="SseResilienceKeys.Attempt"/>.
/// </remarks>
public readonly record struct SseAttempt
{
    /// <summary>Initializes a new instance, for example to call a request factory in a test.</summary>
    public SseAttempt()
    {
    }

    /// <summary>
    /// Gets the last event ID of the stream: where the connection should resume. Empty if there is none. It is the same
    /// whether the header <c>Last-Event-ID</c> is sent or not.
    /// </summary>
    public string LastEventId { get => field ?? ""; init; } = "";

    /// <summary>
    /// Gets the number of connections that the stream has opened so far. 0 until a server has accepted a request.
    /// </summary>
    public int ConnectionCount { get; init; }

    /// <summary>Gets the number of failures in a row before this attempt, from 0.</summary>
    /// <remarks>
    /// The run of failures ends when a connection has dispatched an event or has stayed open for 30 seconds, and with
    /// a signal of <c>SseOptions.ReconnectWhen</c>.
    /// </remarks>
    public int FailureCount { get; init; }

    /// <summary>
    /// Gets the reason why the last attempt failed or the last connection ended. <see langword="null"/> for the first
    /// attempt, and for one that follows a signal of <c>SseOptions.ReconnectWhen</c>.
    /// </summary>
    public SseException? Failure { get; init; }
}
