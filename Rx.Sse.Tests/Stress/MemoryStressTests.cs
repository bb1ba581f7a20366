namespace Rx.Sse.Tests.Stress;

/// <summary>
/// Thousands of subscriptions from many threads, without sockets, so that everything the library holds can be counted.
/// </summary>
[CancelAfter(120_000)]
[ProcessWide("the library's meter and activities, unobserved exceptions of tasks, collections of garbage")]
internal sealed class MemoryStressTests
{
    private const int Visitors = 2_000;

    [Test]
    public async Task FromSse_LeftAtEveryMomentFromManyThreads_BreaksNoRuleAndLeavesNothing(
        [Values(1, 2)] int seed, CancellationToken hang)
    {
        using var server = new WhimsicalServer(seed);
        using var client = new HttpClient(server) { Timeout = TimeSpan.FromMilliseconds(200) };
        using var buffers = new BufferCensus();
        using var telemetry = new TelemetryWatch();
        using var unobserved = new UnobservedExceptions();
        var crowd = new Crowd(
            client, "http://stress.test/", idleTimeout: TimeSpan.FromMilliseconds(50), wave: Visitors);

        CrowdReport report = await crowd.VisitAsync(seed, Visitors, hang);
        await report.VisitAgainOnMonoAsync(() => crowd.VisitAsync(seed, Visitors, hang), hang);
        await server.Open.ZeroAsync(hang);

        // These arrays are left to the garbage collector, because a read that has failed may still write to its array.
        foreach (byte[] array in server.FailedReads)
            buffers.Forget(array);

        int inMemory = await report.CountInMemoryAsync(hang);
        IReadOnlyCollection<Exception> unobservedExceptions = unobserved.Find();
        TestContext.Out.WriteLine($"Seed {seed}: {report}");
        TestContext.Out.WriteLine(
            $"{server.Open.Total} requests, {crowd.Scheduler.Pending.Total} timers and actions, {buffers.Rented} "
                + $"buffers, {crowd.Exceptions.Total} exceptions of observers.");
        Assert.Multiple(() =>
        {
            Assert.That(report.Faults, Is.Empty);
            Assert.That(server.Faults, Is.Empty);
            Assert.That(crowd.Scheduler.Pending.Value, Is.Zero, "timers");
            Assert.That(crowd.Scheduler.Thrown, Has.All.TypeOf<ObserverException>());
            Assert.That(buffers.Outstanding, Is.Zero, "buffers");
            Assert.That(telemetry.ActiveConnections, Is.Zero, "active connections");
            Assert.That(telemetry.Activities.Value, Is.Zero, "activities");
            Assert.That(unobservedExceptions, Is.Empty);
            Assert.That(inMemory, Is.Zero, "subscriptions in memory");
        });
    }
}
