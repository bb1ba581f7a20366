using System.Text;

namespace Rx.Sse;

/// <summary>
/// A connection was lost, or could not be opened, and another attempt is to follow. Where none is, the stream's end
/// says so: an error, or completion. A strategy around the reconnection may still give up during the wait.
/// </summary>
/// <remarks>
/// Two of them are equal when delay and attempt are, and the reasons are of the same type and say the same: exceptions
/// know no other equality.
/// </remarks>
public sealed record SseDisconnected : SseSignal
{
    /// <summary>Why: what the stream would fail with if it gave up now.</summary>
    public required SseException Reason { get; init; }

    /// <summary>
    /// How long it is until the next attempt. <see langword="null"/> where a strategy other than
    /// <see cref="SseResiliencePipelineBuilderExtensions.AddSseReconnect"/> has decided about that; the signal then
    /// comes only right before the attempt.
    /// </summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>The number of that next attempt, from 1, since a connection last worked.</summary>
    public int Attempt { get; init; }

    /// <inheritdoc/>
    public bool Equals(SseDisconnected? other) =>
        other is not null && Delay == other.Delay && Attempt == other.Attempt
        && Reason?.GetType() == other.Reason?.GetType() && Reason?.Message == other.Reason?.Message;

    /// <inheritdoc/>
    public override int GetHashCode() => Delay.GetHashCode() ^ Attempt ^ (Reason?.Message.GetHashCode() ?? 0);

    /// <summary>The reason in a line, without the stack trace that exceptions print.</summary>
    protected override bool PrintMembers(StringBuilder builder)
    {
        Throw.IfNull(builder);
        builder.Append("Reason = ").Append(Reason?.GetType().Name).Append(": ").Append(Reason?.Message)
            .Append(", Delay = ").Append(Delay?.ToString() ?? "?").Append(", Attempt = ").Append(Attempt);
        return true;
    }
}
