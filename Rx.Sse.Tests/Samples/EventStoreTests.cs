using Microsoft.Data.Sqlite;
using Rx.Sse.Samples.Resume;

namespace Rx.Sse.Tests.Samples;

/// <summary>An event and its resume point are stored together or not at all.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class EventStoreTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string File => _folder.PathOf("events.db");

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Open_AfterEvents_KnowsWhereToResume()
    {
        using (EventStore store = Filled("1", "2"))
            Assert.That((store.Count, store.LastEventId), Is.EqualTo((2, "2")));

        using EventStore again = new(File, "a");

        Assert.That((again.Count, again.LastEventId), Is.EqualTo((2, "2")));
    }

    [Test]
    public void Open_AnotherStream_IsEmpty()
    {
        Filled("1", "2").Dispose();

        using EventStore other = new(File, "b");

        Assert.That((other.Count, other.LastEventId, other.Check().Events), Is.EqualTo((0, "", 0)));
    }

    [Test]
    public void Open_SomethingElse_IsRefused() =>
        Assert.That(
            () => new EventStore(_folder.Write("events.db", new string('x', 10_000)), "a"),
            Throws.TypeOf<SqliteException>());

    [Test]
    public void Add_AnotherProcessWasFaster_AddsNothing()
    {
        using EventStore slow = Filled("1");
        using EventStore fast = new(File, "a");
        fast.Add(Event("2"));

        Assert.That(() => slow.Add(Event("2")), Throws.TypeOf<IOException>());
        Assert.That(slow.Check(), Is.EqualTo(new Verdict(2, 0, 0)));
    }

    [TestCase("", 0, 0)]
    [TestCase("1 2 3", 0, 0)]
    [TestCase("9 10 11", 0, 0)]
    [TestCase("1 2 2 3 3", 2, 0)]
    [TestCase("1 2 5", 0, 2)]
    [TestCase("1 2 2 5", 1, 2)]
    [TestCase("a b b", 1, null)]
    public void Check_FindsGapsAndDoubles(string ids, int doubles, int? gaps)
    {
        using EventStore store = Filled(ids.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Verdict verdict = store.Check();

        Assert.That(verdict, Is.EqualTo(new Verdict(store.Count, doubles, gaps)));
        Assert.That(verdict.IsExactlyOnce, Is.EqualTo(doubles == 0 && gaps is null or 0));
    }

    private static SseEvent Event(string id) => new() { Id = id, LastEventId = id, Data = "" };

    private EventStore Filled(params string[] ids)
    {
        var store = new EventStore(File, "a");
        foreach (string id in ids)
            store.Add(Event(id));
        return store;
    }
}
