namespace Rx.Sse.Testing.Scripting;

/// <summary>
/// A step of a connection, at a time relative to the request. Steps form a linked list from the last to the first, so
/// that scripts that grow by one step share the rest, and long scripts need memory only in proportion to their length.
/// </summary>
internal sealed class ScriptStep
{
    /// <summary>
    /// A thousand years: every scheduler can represent this time, even for all connections of a test in sequence.
    /// </summary>
    public static readonly TimeSpan LatestTime = TimeSpan.FromDays(365_250);

    /// <summary>Computed on demand, because scripts may be large and are rarely printed.</summary>
    private readonly Func<string> _describe;

    /// <param name="time">The time of the step, relative to the request.</param>
    /// <param name="describe">Returns a description that starts with a verb.</param>
    /// <param name="act">Performs the step.</param>
    public ScriptStep(TimeSpan time, Func<string> describe, Action<ScriptedConnection> act)
    {
        if (time < TimeSpan.Zero || time > LatestTime)
            throw new ArgumentOutOfRangeException(
                nameof(time),
                time,
                $"A step's time counts from the request, is not negative and at most {LatestTime}. "
                + "What never comes is left out.");
        (Time, _describe, Act) = (time, describe, act);
    }

    public TimeSpan Time { get; }

    public Action<ScriptedConnection> Act { get; }

    public ScriptStep? Previous { get; private init; }

    /// <summary>The bytes that the step sends; empty if it sends none.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private init; }

    /// <summary>The size of the chunks in which the bytes are sent.</summary>
    public int ChunkSize { get; private init; }

    /// <summary>Whether the step ends the connection.</summary>
    public bool IsEnd { get; init; }

    /// <summary>The interval at which the step is repeated; null if it is not repeated.</summary>
    private TimeSpan? Interval { get; init; }

    /// <summary>The end of the repetitions; the time of the step if there are none.</summary>
    public TimeSpan End => Until ?? Time;

    private TimeSpan? Until { get; init; }

    /// <summary>Returns a step that sends bytes in chunks of this size.</summary>
    public static ScriptStep Send(TimeSpan time, ReadOnlyMemory<byte> bytes, int chunkSize) =>
        new(time, () => $"sends '{EventText.Preview(bytes.ToArray())}'", connection =>
        {
            for (int start = 0; start < bytes.Length; start += chunkSize)
                connection.Send(bytes.Slice(start, Math.Min(chunkSize, bytes.Length - start)));
        })
        {
            Bytes = bytes,
            ChunkSize = chunkSize,
        };

    /// <summary>Returns this step with the given one before it.</summary>
    public ScriptStep After(ScriptStep? previous) => new(Time, _describe, Act)
    {
        Previous = previous,
        Bytes = Bytes,
        ChunkSize = ChunkSize,
        IsEnd = IsEnd,
    };

    /// <summary>Returns the same step, repeated at intervals.</summary>
    public ScriptStep Repeat(TimeSpan every, TimeSpan until)
    {
        if (Previous is null || Interval is not null)
            throw new InvalidOperationException("There is nothing to repeat: Repeat follows Event, Comment or Send.");
        if (every <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(every), every, "An interval is more than zero.");
        if (until <= Time || until > LatestTime)
            throw new ArgumentOutOfRangeException(
                nameof(until), until, $"Repetitions end after {Time} and by {LatestTime}.");
        return new ScriptStep(Time, _describe, Act)
        {
            Previous = Previous,
            Bytes = Bytes,
            ChunkSize = ChunkSize,
            Interval = every,
            Until = until,
        };
    }

    /// <summary>Returns one step for each repetition. Created one by one, because there may be very many.</summary>
    public IEnumerable<ScriptStep> Occurrences()
    {
        yield return this;
        for (TimeSpan time = Time; End - time > Interval;)
        {
            time += Interval.Value;
            yield return new ScriptStep(time, _describe, Act) { Bytes = Bytes, ChunkSize = ChunkSize };
        }
    }

    public override string ToString() =>
        $"{_describe()} at {Time}" + (Interval is { } interval ? $" and then every {interval} until {End}" : "");
}
