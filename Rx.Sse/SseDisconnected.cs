namespace Rx.Sse;

/// <summary>
/// A connection was lost, or could not be opened, and another attempt is to follow. Where none is, the stream's end
/// says so: an error, or completion. A strategy around the reconnection may still give up during the wait.
/// </summary>
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
}
