namespace Rx.Sse.Testing.Scripting;

/// <summary>
/// One thing that happens on a connection, at a time that counts from the request. A chain from the last step to the
/// first: so scripts that grow by one step share the rest, and long ones cost no more than their length.
/// </summary>
internal sealed class ScriptStep
{
    /// <summary>
    /// A thousand years: as far as every scheduler can count, with all connections of a test after one another.
    /// </summary>
    public static readonly TimeSpan LatestTime = TimeSpan.FromDays(365_250);

    /// <summary>Computed when it is needed, because scripts may be large and are rarely printed.</summary>
    private readonly Func<string> _describe;

    /// <param name="time">When it happens, from the request.</param>
    /// <param name="describe">What happens, as a verb.</param>
    /// <param name="act">Makes it happen.</param>
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

    /// <summary>The bytes that it sends; empty if it sends none.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private init; }

    /// <summary>The size of the chunks in which they are sent.</summary>
    public int ChunkSize { get; private init; }

    /// <summary>It ends the connection.</summary>
    public bool IsEnd { get; init; }

    /// <summary>How often it happens; null for once.</summary>
    private TimeSpan? Interval { get; init; }

    /// <summary>When the repetitions have ended; the step's time if there are none.</summary>
    public TimeSpan End => Until ?? Time;

    private TimeSpan? Until { get; init; }

    /// <summary>A step that sends bytes in chunks of this size.</summary>
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

    /// <summary>Returns this step with another one before it.</summary>
    public ScriptStep After(ScriptStep? previous) => new(Time, _describe, Act)
    {
        Previous = previous,
        Bytes = Bytes,
        ChunkSize = ChunkSize,
        IsEnd = IsEnd,
    };

    /// <summary>The same step, which then happens again and again.</summary>
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

    /// <summary>The step once for each time it happens. Made one by one, because there may be very many.</summary>
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
