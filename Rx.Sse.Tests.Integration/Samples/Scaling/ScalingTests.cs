using System.Diagnostics;
using Rx.Sse.Samples;
using Rx.Sse.Tests.Integration.Servers;

namespace Rx.Sse.Tests.Integration.Samples.Scaling;

/// <summary>Several relay processes that share a Redis, with followers that switch between them.</summary>
[CancelAfter(180_000)]
internal sealed class ScalingTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Takes about 30 s: relays need about one or two lease times to recover from each fault. Once is enough, because
    /// nothing in it depends on how the library was built.
    /// </summary>
    [Test]
    [Category("NotNetStandard")]
    public async Task Followers_LeadersKilledAndPausedAndRedisRestarted_MissNothing(CancellationToken hang)
    {
        const int count = 8_000;
        var faultsAreOver = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var folder = new TempFolder();
        using var redis = new RedisServer(folder);
        await using var upstream = new NumberedServer(id => $"event: number\ndata: {id}\n")
        {
            Count = count,
            EventsPerConnection = 1_500,
            Retry = TimeSpan.FromMilliseconds(200),
            Pace = (id, cancellation) => id % 10 != 0 ? Task.CompletedTask
                : id < count - 1_000 ? Task.Delay(30, cancellation)
                : faultsAreOver.Task.WaitAsync(cancellation),
        };
        await upstream.StartAsync(hang);
        await using var relays = new RelayProcesses(upstream.Url, redis, Lease);
        for (int i = 0; i < 3; i++)
            await relays.StartOneAsync(hang);

        using var client = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(1) });
        HoppingFollower[] followers =
            [.. Enumerable.Range(1, 6).Select(seed => new HoppingFollower(client, () => relays.Addresses, seed))];
        Task all = Task.WhenAll(followers.Select(follower => follower.FollowAsync(count, hang)));
        for (int round = 0; round < 3; round++)
        {
            await Task.Delay(Lease, hang);
            Uri leader = await relays.LeaderAsync(hang);
            TestContext.Progress.WriteLine($"{leader} is killed");
            relays.Kill(leader);
            var handover = Stopwatch.StartNew();
            Uri next = await relays.LeaderAsync(hang);
            TestContext.Progress.WriteLine($"{next} has the lease {handover.ElapsedMilliseconds} ms later");
            await relays.StartOneAsync(hang);

            next = await relays.LeaderAsync(hang);
            TestContext.Progress.WriteLine($"{next} is paused");
            await relays.PauseAsync(next, 2 * Lease, hang);

            if (round == 1)
            {
                TestContext.Progress.WriteLine("Redis is restarted");
                await redis.RestartAsync(Lease, hang);
            }
        }

        faultsAreOver.SetResult();
        await all;
        foreach (HoppingFollower follower in followers)
            TestContext.Out.WriteLine(follower);
        TestContext.Out.WriteLine($"{upstream.Connections} connections upstream");
        Assert.Multiple(() =>
        {
            foreach (HoppingFollower follower in followers)
            {
                Assert.That(follower, Has.Property(nameof(HoppingFollower.Missing)).Zero
                    .And.Property(nameof(HoppingFollower.Twice)).Zero
                    .And.Property(nameof(HoppingFollower.Resets)).Zero
                    .And.Property(nameof(HoppingFollower.First)).LessThan(count / 10));
            }
        });
    }
}
