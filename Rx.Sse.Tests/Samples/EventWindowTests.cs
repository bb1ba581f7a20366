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

    private static LogEntry Entry(int id) => new($"{id}", new SseEvent());
}
