using System.Text;
using System.Text.RegularExpressions;
using Rx.Sse.Tests.Parsing;
using Rx.Sse.Tests.Reliability.Fuzzing;

namespace Rx.Sse.Tests.Integration.Browser;

/// <summary>Random streams, randomly cut.</summary>
internal static partial class RandomRecordedStreams
{
    private static readonly TimeSpan LongestReconnectionTime = TimeSpan.FromMilliseconds(20);

    public static IEnumerable<RecordedStream> Take(int count, int seed)
    {
        var random = new Random(seed);
        return Enumerable.Range(1, int.MaxValue)
            .Select(i => Next(random, $"random stream {i} of seed {seed}"))
            .Where(stream => !MakesTheBrowserWait(stream.Bytes))
            .Take(count);
    }

    private static RecordedStream Next(Random random, string name)
    {
        byte[] bytes = RandomStreams.Next(random, 5, 40);
        IEnumerable<int> cuts = Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(bytes.Length + 1)).Order();
        return new RecordedStream(name, [.. Parse.CutAt(bytes, [.. cuts]).Where(chunk => chunk.Length > 0)]);
    }

    private static bool MakesTheBrowserWait(byte[] stream) =>
        ReferenceParser.Parse(stream).Items.OfType<ReconnectionTime>().Any(retry => retry.Time > LongestReconnectionTime)
        || RetryWithoutAValue().IsMatch(Encoding.Latin1.GetString(stream));

    /// <summary>See <see cref="ChromiumDifferences.RetriesWithoutAValue"/>.</summary>
    [GeneratedRegex(@"retry:? ?[\r\n]")]
    private static partial Regex RetryWithoutAValue();
}
