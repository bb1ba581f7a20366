using Rx.Sse.Tests.Parsing;

namespace Rx.Sse.Tests.Integration.Browser;

/// <summary>Random streams, split into chunks at random positions.</summary>
internal static class RandomRecordedStreams
{
    public static IEnumerable<RecordedStream> Take(int count, int seed)
    {
        var random = new Random(seed);
        return Enumerable.Range(1, int.MaxValue)
            .Select(i => Next(random, $"random stream {i} of seed {seed}"))
            .Where(stream => !EventSourceDifferences.MakesABrowserWait(stream))
            .Take(count);
    }

    private static RecordedStream Next(Random random, string name)
    {
        byte[] bytes = RandomStreams.Next(random, 5, 40);
        IEnumerable<int> cuts = Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(bytes.Length + 1)).Order();
        return new RecordedStream(name, [.. Parse.CutAt(bytes, [.. cuts]).Where(chunk => chunk.Length > 0)]);
    }
}
