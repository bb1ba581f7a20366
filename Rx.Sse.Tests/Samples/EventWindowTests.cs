using System.Diagnostics;
using Rx.Sse.Samples.FanOut;

namespace Rx.Sse.Tests.Samples;

internal sealed class EventWindowTests
{
    [Test]
    public void After_EachEntry_ReturnsTheRest_TrimmedEntry_ReturnsNull()
    {
        const int capacity = 4;
        var window = new EventWindow(capacity);
        for (int count = 1; count <= 3 * capacity; count++)
        {
            window.Add(Entry(count));

            int oldest = Math.Max(1, count - capacity + 1);
            Assert.That(window.After(null, capacity), Has.Count.EqualTo(count - oldest + 1));
            Assert.That(window.After($"{oldest - 1}", capacity), Is.Null);
            Assert.That(window.After($"{count + 1}", capacity), Is.Null);
            for (int id = oldest; id <= count; id++)
            {
                Assert.That(
                    window.After($"{id}", capacity)!.Select(entry => entry.Id),
                    Is.EqualTo(Enumerable.Range(id + 1, count - id).Select(number => $"{number}")));
            }
        }

        window.Clear();
        Assert.That(window.After($"{3 * capacity}", capacity), Is.Null);
    }

    /// <summary>
    /// Anybody may send IDs that do not exist, and must not hold up the others. A search through the entries takes
    /// far longer than this limit.
    /// </summary>
    [Test]
    public void After_ManyUnknownIdsInALongLog_TakesNoTime()
    {
        const int length = 200_000;
        var window = new EventWindow(length);
        for (int i = 0; i < length; i++)
            window.Add(Entry(i));

        var time = Stopwatch.StartNew();
        for (int i = 0; i < 20_000; i++)
            window.After($"x{i:00000}", 1);

        Assert.That(time.Elapsed, Is.LessThan(TimeSpan.FromSeconds(1)));
    }

    private static LogEntry Entry(int id) => new($"{id}", new SseEvent());
}
