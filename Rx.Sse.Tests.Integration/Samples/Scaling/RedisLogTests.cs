using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Sse.Samples.FanOut;
using Rx.Sse.Samples.FanOut.Redis;
using Rx.Sse.Tests.Integration.Servers;
using StackExchange.Redis;

namespace Rx.Sse.Tests.Integration.Samples.Scaling;

/// <summary>The log in a real Redis: who may append, and after which IDs it can continue.</summary>
[CancelAfter(60_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RedisLogTests : IAsyncDisposable
{
    private const string Name = "test", Owner = "me";
    private const int Length = 5;

    /// <summary>Long enough not to expire while the machine is busy with other tests.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly TempFolder _folder = new();
    private readonly RedisServer _server;
    private readonly ConnectionMultiplexer _redis;
    private readonly RedisLogStream _stream;
    private readonly List<RedisLog> _logs = [];

    public RedisLogTests()
    {
        _server = new RedisServer(_folder);
        _redis = ConnectionMultiplexer.Connect(_server.Address);
        _stream = new RedisLogStream(_redis.GetDatabase(), Name, Length, Long);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (RedisLog log in _logs)
            await log.DisposeAsync();
        await _redis.DisposeAsync();
        _server.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task Append_EveryField_IsReadBack()
    {
        await _stream.TakeLeaseAsync(Owner);
        var e = new SseEvent
        {
            Event = "price",
            Data = "two\nlines é漢𝄞",
            LastEventId = "upstream 7",
            Retry = TimeSpan.FromMilliseconds(1_500),
        };

        string first = _stream.Append(Owner, "", "1", e)!;
        string second = _stream.Append(Owner, first, "2", new SseEvent())!;

        Assert.That(
            await _stream.ReadAfterAsync(null, 10),
            Is.EqualTo(new[] { new LogEntry(first, e), new LogEntry(second, new SseEvent { LastEventId = "" }) }));
    }

    [Test]
    public async Task Append_WithoutTheLease_IsRefused()
    {
        Assert.That(_stream.Append(Owner, "", "1", new SseEvent()), Is.Null, "there is no lease");
        await _stream.TakeLeaseAsync("another");

        Assert.That(_stream.Append(Owner, "", "1", new SseEvent()), Is.Null);
        Assert.That(await _stream.ReadNewestAsync(), Is.Null);
    }

    [Test]
    public async Task Append_AfterAnEntryThatIsNotTheNewest_IsRefused()
    {
        await _stream.TakeLeaseAsync(Owner);
        string first = _stream.Append(Owner, "", "1", new SseEvent())!;
        string second = _stream.Append(Owner, first, "2", new SseEvent())!;

        Assert.That(_stream.Append(Owner, first, "3", new SseEvent()), Is.Null);
        Assert.That(_stream.Append(Owner, "", "3", new SseEvent()), Is.Null);
        Assert.That((await _stream.ReadNewestAsync())!.Id, Is.EqualTo(second));
    }

    /// <summary>Appends again because the answer to the first attempt was lost, and the lease as well.</summary>
    [Test]
    public async Task Append_TheSameAgain_AppendsOnce()
    {
        await _stream.TakeLeaseAsync(Owner);
        string first = _stream.Append(Owner, "", "1", new SseEvent())!;
        await _stream.ReleaseLeaseAsync(Owner);

        Assert.That(_stream.Append(Owner, "", "1", new SseEvent()), Is.EqualTo(first));
        Assert.That(await _stream.ReadAfterAsync(null, 10), Has.Count.EqualTo(1));
    }

    [TestCase("0-0")]
    [TestCase("0")]
    [TestCase("-")]
    [TestCase("$")]
    [TestCase("(0-1")]
    [TestCase("1-1-1")]
    [TestCase("99999999999999-0")]
    [TestCase("18446744073709551615-18446744073709551615")]
    [TestCase("made up 漢")]
    public async Task ReadAfter_AnUnknownId_ReturnsNull(string id, CancellationToken hang)
    {
        await _stream.TakeLeaseAsync(Owner);
        _stream.Append(Owner, "", "1", new SseEvent());
        RedisLog log = await ConnectAsync();

        Assert.That(await log.ReadAfterAsync(id, hang), Is.Null);
    }

    [Test]
    public async Task ReadAfter_TrimmedEntry_ReturnsNull(CancellationToken hang)
    {
        string[] ids = await AppendAsync(Length + 2);
        RedisLog log = await ConnectAsync();

        Assert.That(await log.ReadAfterAsync(ids[1], hang), Is.Null);
        Assert.That((await log.ReadAfterAsync(ids[2], hang))!.Select(entry => entry.Id), Is.EqualTo(ids[3..]));
        Assert.That((await log.ReadAfterAsync(null, hang))!.Select(entry => entry.Id), Is.EqualTo(ids[2..]));
        Assert.That((await log.ReadAfterAsync(ids[^1], hang))!, Is.Empty);
    }

    /// <summary>Redis loses entries if it has no file, or if the end of its file was not written.</summary>
    [Test]
    public async Task ReadAfter_RedisHasLostTheEntry_ReturnsNull(CancellationToken hang)
    {
        RedisLog log = await ConnectAsync();
        string[] ids = await AppendAsync(3);
        while (await log.ReadAfterAsync(ids[0], hang) is not { Count: 2 })
            await Task.Delay(10, hang);

        await _redis.GetDatabase().KeyDeleteAsync(RedisLogStream.LogKey(Name));

        while (await log.ReadAfterAsync(ids[0], hang) is not null)
            await log.Changed.WaitAsync(hang);
        Assert.That(await log.ReadNewestAsync(hang), Is.Null);
    }

    [Test]
    public async Task Append_TwoRelays_TakeTurnsAndResumeAfterTheNewest(CancellationToken hang)
    {
        RedisLog first = await ConnectAsync(), second = await ConnectAsync();
        var upstream = new Subject<SseEvent>();
        List<string> resumed = [];
        IObservable<SseEvent> Open(string lastEventId)
        {
            resumed.Add(lastEventId);
            return upstream;
        }

        using IDisposable leader = first.Append(Open).Subscribe();
        while (!upstream.HasObservers)
            await Task.Delay(10, hang);
        using IDisposable waiting = second.Append(Open).Subscribe();
        await Task.Delay(2 * Lease, hang);
        Assert.That(resumed, Is.EqualTo(new[] { "" }), "the lease is renewed");
        upstream.OnNext(new SseEvent { Data = "a", LastEventId = "7" });

        leader.Dispose();
        while (resumed.Count < 2 || !upstream.HasObservers)
            await Task.Delay(10, hang);
        upstream.OnNext(new SseEvent { Data = "b", LastEventId = "8" });

        Assert.That(resumed, Is.EqualTo(new[] { "", "7" }));
        Assert.That(
            (await _stream.ReadAfterAsync(null, 10))!.Select(entry => entry.Event.Data),
            Is.EqualTo(new[] { "a", "b" }));
    }

    /// <summary>
    /// The situation of a leader that was paused. Its upstream continues to send at once, and must not see an
    /// exception.
    /// </summary>
    [Test]
    public async Task Append_LeaseTakenByAnother_AppendsNothingMore(CancellationToken hang)
    {
        RedisLog log = await ConnectAsync();
        var upstream = new Subject<SseEvent>();
        List<string> appended = [];
        using IDisposable leader = log.Append(_ => upstream).Subscribe(e => appended.Add(e.Data));
        while (!upstream.HasObservers)
            await Task.Delay(10, hang);
        upstream.OnNext(new SseEvent { Data = "mine" });
        await _redis.GetDatabase().StringSetAsync(RedisLogStream.LeaseKey(Name), "another");

        upstream.OnNext(new SseEvent { Data = "too late" });
        upstream.OnNext(new SseEvent { Data = "too late as well" });

        while (upstream.HasObservers)
            await Task.Delay(10, hang);
        Assert.That(appended, Is.EqualTo(new[] { "mine" }));
        Assert.That(await _stream.ReadAfterAsync(null, 10), Has.Count.EqualTo(1));
        Assert.That(
            (string?)await _redis.GetDatabase().StringGetAsync(RedisLogStream.LeaseKey(Name)),
            Is.EqualTo("another"),
            "what belongs to another is not released");

        await _redis.GetDatabase().KeyDeleteAsync(RedisLogStream.LeaseKey(Name));
        while (!upstream.HasObservers)
            await Task.Delay(10, hang);
        upstream.OnNext(new SseEvent { Data = "mine again" });
        Assert.That(appended, Is.EqualTo(new[] { "mine", "mine again" }));
    }

    [Test]
    public async Task Append_RedisIsAway_BlocksTheUpstreamUntilItIsBack(CancellationToken hang)
    {
        RedisLog log = await ConnectAsync(Long);
        var upstream = new Subject<SseEvent>();
        using IDisposable leader = log.Append(_ => upstream).Subscribe();
        while (!upstream.HasObservers)
            await Task.Delay(10, hang);
        upstream.OnNext(new SseEvent { Data = "before" });

        Task restart = _server.RestartAsync(Lease, hang);
        Task<bool> appending = Task.Run(() =>
        {
            upstream.OnNext(new SseEvent { Data = "meanwhile" });
            return restart.IsCompleted;
        });
        await restart;

        Assert.That(await appending.WaitAsync(hang), Is.True, "it waited");
        IReadOnlyList<LogEntry>? entries = await RedisRetry.RunAsync(() => _stream.ReadAfterAsync(null, 10), hang);
        Assert.That(entries!.Select(entry => entry.Event.Data), Is.EqualTo(new[] { "before", "meanwhile" }));
    }

    private async Task<RedisLog> ConnectAsync(TimeSpan? lease = null)
    {
        RedisLog log = await RedisLog.ConnectAsync(
            ConfigurationOptions.Parse(_server.Address), Name, Length, lease ?? Lease, TestContext.Out.WriteLine);
        _logs.Add(log);
        return log;
    }

    private async Task<string[]> AppendAsync(int count)
    {
        await _stream.TakeLeaseAsync(Owner);
        List<string> ids = [];
        for (int i = 0; i < count; i++)
            ids.Add(_stream.Append(Owner, ids.LastOrDefault() ?? "", $"{i}", new SseEvent { Data = $"{i}" })!);
        return [.. ids];
    }
}
