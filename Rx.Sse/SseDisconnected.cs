using System.Text;

namespace Rx.Sse;

/// <summary>
/// A connection was lost, or could not be opened, and another attempt follows. If none does, the stream ends instead,
/// with an error or by completing. A strategy around the outage may still give up during the wait.
/// </summary>
/// <remarks>
/// Two instances are equal if their delay and attempt are equal and their reasons have the same type and message,
/// because exceptions do not define equality.
/// </remarks>
public sealed record SseDisconnected : SseSignal
{
    /// <summary>Gets the exception that the stream would fail with if it gave up now.</summary>
    public required SseException Reason { get; init; }

    /// <summary>
    /// Gets the time until the next attempt. Zero after a signal of <c>SseOptions.ReconnectWhen</c>, or the
    /// <c>Retry-After</c> of the response that was refused. <see langword="null"/> if a retry strategy that was added
    /// to the pipeline has decided about the attempt: the notification then comes right before the attempt.
    /// </summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>Gets the number of the next attempt in the run of failures, from 1.</summary>
    public int Attempt { get; init; }

    /// <inheritdoc/>
    public bool Equals(SseDisconnected? other) =>
        other is not null && Delay == other.Delay && Attempt == other.Attempt
        && Reason?.GetType() == other.Reason?.GetType() && Reason?.Message == other.Reason?.Message;

    /// <inheritdoc/>
    public override int GetHashCode() => Delay.GetHashCode() ^ Attempt ^ (Reason?.Message.GetHashCode() ?? 0);

    /// <summary>Appends the properties, and of the reason only its type and message, without the stack trace.</summary>
    protected override bool PrintMembers(StringBuilder builder)
    {
        Throw.IfNull(builder);
        builder.Append("Reason = ").Append(Reason?.GetType().Name).Append(": ").Append(Reason?.Message)
            .Append(", Delay = ").Append(Delay?.ToString() ?? "?").Append(", Attempt = ").Append(Attempt);
        return true;
    }
}
