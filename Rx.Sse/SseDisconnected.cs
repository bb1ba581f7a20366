using System.Text;

namespace Rx.Sse;

/// <summary>Represents a connection that was lost or could not be opened, before another attempt.</summary>
/// <remarks>
/// If no other attempt follows, the stream ends instead. A strategy around the outage may still end it during the wait.
/// Two instances are equal if their delay and attempt are equal and their reasons have the same type and message,
/// because exceptions do not define equality.
/// </remarks>
public sealed record SseDisconnected : SseSignal
{
    /// <summary>Gets the exception that the stream would fail with if it gave up now.</summary>
    public required SseException Reason { get; init; }

    /// <summary>Gets the time until the next attempt; <see langword="null"/> if it is not known.</summary>
    /// <remarks>
    /// After a signal of <c>SseOptions.ReconnectWhen</c>, it is zero, or the <c>Retry-After</c> of the response that
    /// was refused. It is <see langword="null"/> if another retry strategy, which was added to the pipeline, makes the
    /// attempt: the notification then comes right before the attempt.
    /// </remarks>
    public TimeSpan? Delay { get; init; }

    /// <summary>Gets the number of the next attempt in the run of failures, from 1.</summary>
    public int Attempt { get; init; }

    /// <inheritdoc/>
    public bool Equals(SseDisconnected? other) =>
        other is not null && Delay == other.Delay && Attempt == other.Attempt
        && Reason?.GetType() == other.Reason?.GetType() && Reason?.Message == other.Reason?.Message;

    /// <inheritdoc/>
    public override int GetHashCode() => Delay.GetHashCode() ^ Attempt ^ (Reason?.Message.GetHashCode() ?? 0);

    /// <summary>Appends the properties to a text; of the reason, only its type and message.</summary>
    protected override bool PrintMembers(StringBuilder builder)
    {
        Throw.IfNull(builder);
        builder.Append("Reason = ").Append(Reason?.GetType().Name).Append(": ").Append(Reason?.Message)
            .Append(", Delay = ").Append(Delay?.ToString() ?? "?").Append(", Attempt = ").Append(Attempt);
        return true;
    }
}
