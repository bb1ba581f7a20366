namespace Rx.Sse.Tests.Reliability.Fuzzing;

/// <summary>Compares the parser with the reference, through the public API.</summary>
internal sealed class StreamTarget : FuzzTarget, IDisposable
{
    private readonly GuardedMemory _memory = new();

    public override Tally Tally { get; } = new("streams");

    public override async Task<string?> TryAsync(int seed, int number)
    {
        HostileStream stream = Generate(HostileStreams.Any, seed, number);
        Count(stream);
        if (Difference(stream) is null)
            return null;

        byte[] bytes = await Minimizer.ShrinkAsync(
            stream.Bytes, bytes => Task.FromResult(Difference(stream with { Bytes = bytes }) is not null));
        stream = stream with { Bytes = bytes };
        return $"Seed {seed}, stream {number}: {Difference(stream)} {stream}";
    }

    public void Dispose() => ((IDisposable)_memory).Dispose();

    private string? Difference(HostileStream stream)
    {
        var expected = ExpectedStream.Of(stream);
        int half = expected.Signals.Count / 2;
        return Differ("ParseSse", StreamRuns.Parse(stream, _memory), expected.Events)
            ?? Differ("ParseSse<T>", StreamRuns.ParseTyped(stream, _memory), expected.Events)
            ?? Differ("FromSseSignals", StreamRuns.Connect(stream), expected.Signals)
            ?? Differ(
                "FromSseSignals, left half-way,",
                StreamRuns.Connect(stream, half),
                [.. expected.Signals[..half], "completed"]);
    }

    private static string? Differ(string way, List<object> actual, List<object> expected)
    {
        for (int i = 0; i < Math.Max(actual.Count, expected.Count); i++)
        {
            object? one = actual.ElementAtOrDefault(i), other = expected.ElementAtOrDefault(i);
            if (!Equals(one, other))
                return $"{way} gave as number {i} {one ?? "nothing"} instead of {other ?? "nothing"}.";
        }

        return null;
    }

    private void Count(HostileStream stream)
    {
        var expected = ExpectedStream.Of(stream);
        Tally.AddInput();
        Tally.Add("bytes", stream.Bytes.Length);
        Tally.Add("limits", expected.IsTooLarge ? 1 : 0);
        foreach (object item in expected.Log.Items)
        {
            Tally.Add(item is SseEvent ? "events" : item is Comment ? "comments" : "retries");
            if (item is not SseEvent e)
                continue;
            Tally.Add("events with type", e.Event is null ? 0 : 1);
            Tally.Add("events with ID", e.Id is null ? 0 : 1);
            Tally.Add("events of several lines", e.Data.Contains('\n') ? 1 : 0);
            Tally.Add("events with ill-formed UTF-8", e.Data.Contains('\uFFFD') ? 1 : 0);
        }
    }
}
