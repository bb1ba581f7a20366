using System.Text;
using Rx.Sse.Parsing;
using Rx.Sse.Streams;

namespace Rx.Sse.Tests.Streams;

internal sealed class EventTypeCacheTests
{
    /// <summary>The event types of two widely used APIs.</summary>
    private static readonly string[] Names =
    [
        "message", "error", "ping", "done", "message_start", "content_block_start", "content_block_delta",
        "content_block_stop", "message_delta", "message_stop",
        "response.created", "response.in_progress", "response.output_item.added", "response.output_item.done",
        "response.output_text.delta", "response.output_text.done", "response.completed",
    ];

    [Test]
    public void Get_ManyTypesAgainAndAgain_IsAlwaysRight()
    {
        var cache = new EventTypeCache();
        var random = new Random(1);
        for (int i = 0; i < 10_000; i++)
        {
            string type = random.Next(4) switch
            {
                0 => Names[random.Next(Names.Length)],
                1 => new string('x', random.Next(100)),
                2 => $"é{random.Next(1_000)}",
                _ => $"type{random.Next(1_000)}",
            };

            Assert.That(cache.Get(Encoding.UTF8.GetBytes(type)), Is.EqualTo(type));
        }
    }

    [Test]
    public void Get_MoreTypesThanFit_KeepsTheLatest()
    {
        var cache = new EventTypeCache();
        foreach (int i in Enumerable.Range(0, 1_000))
        {
            byte[] type = Encoding.UTF8.GetBytes($"type{i}");
            string first = cache.Get(type), again = cache.Get(type);
            Assert.That(again, Is.SameAs(first));
        }
    }

    [TestCase(64, true)]
    [TestCase(65, false)]
    public void Get_LongType_IsKeptUpToALimit(int length, bool isKept)
    {
        var cache = new EventTypeCache();
        byte[] type = [.. Enumerable.Repeat((byte)'x', length)];

        Assert.That(ReferenceEquals(cache.Get(type), cache.Get(type)), Is.EqualTo(isKept));
    }

    [TestCase(0, 10)]
    [TestCase(10, 17)]
    public void Get_TypesOfOneApi_AreMadeOnlyWhileTheCacheGrows(int from, int to)
    {
        var cache = new EventTypeCache();
        byte[][] types = [.. Names.Take(to).Skip(from).Select(Encoding.UTF8.GetBytes)];
        string[] first = [];
        for (int i = 0; i < 3; i++)
            first = [.. types.Select(type => cache.Get(type))];

        for (int i = 0; i < types.Length; i++)
            Assert.That(cache.Get(types[i]), Is.SameAs(first[i]), first[i]);
    }
}
