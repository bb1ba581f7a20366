using System.Collections.Concurrent;
using System.Reactive.Subjects;
using Rx.Sse.Samples.FanOut.Redis;
using Rx.Sse.Tests.Integration.Servers;
using StackExchange.Redis;

namespace Rx.Sse.Tests.Integration.Samples.Scaling;

/// <summary>
/// The messages and the behavior of the relay when Redis refuses commands or does not answer, and how the relay stops.
/// </summary>
[CancelAfter(60_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RedisTroubleTests : IAsyncDisposable
{
    private const string Name = "test";

    private readonly TempFolder _folder = new();
    private readonly RedisServer _server;
    private readonly ConnectionMultiplexer _redis;
    private readonly ConcurrentQueue<string> _reports = [];

    public RedisTroubleTests()
    {
        _server = new RedisServer(_folder);
        _redis = ConnectionMultiplexer.Connect($"{_server.Address},allowAdmin=true");
    }

    public async ValueTask DisposeAsync()
    {
        await _redis.DisposeAsync();
        _server.Dispose();
        _folder.Dispose();
    }

    /// <summary>
    /// A relay reads its upstream for some seconds after the last follower has disconnected, and may stop during this
    /// time.
    /// </summary>
    [Test]
    public async Task Dispose_WhileItLeads_ReleasesTheLeaseAndReportsNothing(CancellationToken hang)
    {
        RedisLog log = await ConnectAsync();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using IDisposable leader = await LeadAsync(log, ended, hang);

        await log.DisposeAsync();

        await ended.Task.WaitAsync(hang);
        Assert.That(await _redis.GetDatabase().KeyExistsAsync(RedisLogStream.LeaseKey(Name)), Is.False);
        Assert.That(_reports, Is.EqualTo(new[] { "This relay reads the upstream." }));
    }

    /// <summary>Redis answers after 30 s.</summary>
    [Test]
    public async Task Dispose_RedisDoesNotAnswer_EndsWithinSeconds(CancellationToken hang)
    {
        RedisLog log = await ConnectAsync();
        using IDisposable leader = await LeadAsync(log, new TaskCompletionSource(), hang);
        await _redis.GetDatabase().ExecuteAsync("CLIENT", "PAUSE", "30000", "ALL");

        await log.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), hang);
    }

    [Test]
    public async Task LogKeyOfAnotherType_IsReportedOnce(CancellationToken hang)
    {
        IDatabase redis = _redis.GetDatabase();
        await redis.StringSetAsync(RedisLogStream.LogKey(Name), "not a stream");
        await using RedisLog log = await ConnectAsync();

        while (_reports.IsEmpty)
            await Task.Delay(10, hang);
        await Task.Delay(4 * RedisRetry.Pause, hang);

        Assert.That(_reports, Is.EqualTo(new[]
        {
            "Redis has refused a command: WRONGTYPE Operation against a key holding the wrong kind of value. "
                + "Followers wait.",
        }));
    }

    [Test]
    public async Task Memory_IsFull_IsReportedAndEventsComeLater(CancellationToken hang)
    {
        await using RedisLog log = await ConnectAsync();
        var upstream = new Subject<SseEvent>();
        List<string> appended = [];
        using IDisposable leader = log.Append(_ => upstream).Subscribe(e => appended.Add(e.Data));
        while (!upstream.HasObservers)
            await Task.Delay(10, hang);
        await _redis.GetDatabase().ExecuteAsync("CONFIG", "SET", "maxmemory", "1");

        Task appending = Task.Run(() => upstream.OnNext(new SseEvent { Data = "1" }), hang);
        while (_reports.Count < 2)
            await Task.Delay(10, hang);
        await _redis.GetDatabase().ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
        await appending.WaitAsync(hang);

        Assert.That(appended, Is.EqualTo(new[] { "1" }));
        Assert.That(
            _reports.Last(),
            Does.StartWith("Redis has refused a command: OOM ").And.EndsWith(" The upstream waits.")
                .And.Not.Contain("script"));
    }

    [TestCase("", "Redis at {0} refuses the user or the password.")]
    [TestCase(",password=wrong", "Redis at {0} refuses the user or the password.")]
    [TestCase(",user=bob,password=bob", "Redis has refused a command: NOPERM *({0})")]
    public async Task Connect_WithoutPermission_IsReportedClearly(string credentials, string expected)
    {
        IDatabase redis = _redis.GetDatabase();
        await redis.ExecuteAsync("ACL", "SETUSER", "bob", "on", ">bob", "~*", "+@all", "resetchannels");
        await redis.ExecuteAsync("CONFIG", "SET", "requirepass", "secret");

        IOException? failure = await Assert.ThrowsAsync<IOException>(() => ConnectAsync(credentials));

        string[] parts = string.Format(null, expected, _server.Address).Split('*');
        Assert.That(failure!.Message, Does.StartWith(parts[0]).And.EndWith(parts[^1]));
    }

    private Task<RedisLog> ConnectAsync(string credentials = "") => RedisLog.ConnectAsync(
        ConfigurationOptions.Parse(_server.Address + credentials), Name, 5, TimeSpan.FromMinutes(1), _reports.Enqueue);

    private static async Task<IDisposable> LeadAsync(
        RedisLog log, TaskCompletionSource ended, CancellationToken hang)
    {
        var upstream = new Subject<SseEvent>();
        IDisposable leader = log.Append(_ => upstream).Subscribe(_ => { }, ended.SetException, ended.SetResult);
        while (!upstream.HasObservers)
            await Task.Delay(10, hang);
        return leader;
    }
}
