using Rx.Sse.Tests.Documentation;
using Rx.Sse.Tests.Integration.Sockets;

namespace Rx.Sse.Tests.Integration.Packages;

/// <summary>The packages as a user sees them: restored, referenced and run.</summary>
[CancelAfter(300_000)]
internal sealed class ConsumerTests
{
    private const string UrlInReadme = "https://example.com/prices";

    // .NET 6 uses the netstandard2.0 build.
    [TestCase("net10.0", "14", "Observable", "7.0.0")]
    [TestCase("net8.0", "14", "Observable", "7.0.0")]
    [TestCase("net8.0", "12", "SseObservable", "7.0.0")]
    [TestCase("net6.0", "12", "SseObservable", "6.0.1")]
    public async Task Readme_FirstExample_RunsOnThePackage(
        string framework, string language, string type, string reactive, CancellationToken hang)
    {
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            await context.SendAsync("event: other\ndata: not asked for\n\nevent: price\ndata: 99.5\n\n");
            await context.UntilAbortedAsync();
        });
        string program = Page.Read("README.md").Examples[0].Replace(UrlInReadme, server.Url, StringComparison.Ordinal);
        Assert.That(program, Does.Contain(server.Url).And.Contain("Observable\n    .FromSse("));
        program = program.Replace("Observable\n    .FromSse(", $"{type}\n    .FromSse(", StringComparison.Ordinal);
        using var consumer = new Consumer(framework, language, "Rx.Sse", program);

        await consumer.BuildAsync(hang);

        Assert.That(consumer.Dependencies, Does.Contain($"\"System.Reactive/{reactive}\""));
        Assert.That(await consumer.FirstLineAsync(hang), Is.EqualTo("99.5"));
        Assert.That(await consumer.EnterAsync(hang), Is.Zero);
    }

    [Test]
    public async Task Testing_OnAnotherVirtualTimeScheduler_RunsOnThePackage(CancellationToken hang)
    {
        using var consumer = new Consumer("net8.0", "14", "Rx.Sse.Testing", """
            using System.Reactive.Concurrency;
            using System.Reactive.Linq;
            using Rx.Sse;
            using Rx.Sse.Testing;
            using static System.TimeSpan;
            using static Rx.Sse.Testing.SseTest;

            var scheduler = new HistoricalScheduler();
            var server = new SseTestServer(
                scheduler,
                OpenStream().Event(FromSeconds(1), "a", id: "1").Reset(FromSeconds(2)),
                OpenStream().Event(FromSeconds(1), "b"));
            var options = new SseOptions { Reconnection = SseReconnection.Default with { UseJitter = false } };
            List<string> received = [];
            IObservable<SseEvent> events = Observable.FromSse(server.CreateClient(), "/", options, scheduler);
            using (events.Subscribe(e => received.Add($"{e.Data} at {scheduler.Now.Second}")))
                scheduler.AdvanceBy(FromMinutes(1));
            server.Requests.AssertEqual(ExpectedGet(Zero, "/"), ExpectedGet(FromSeconds(5), "/", lastEventId: "1"));
            Console.WriteLine(string.Join(", ", received));
            Console.ReadLine();
            """);

        await consumer.BuildAsync(hang);

        Assert.That(await consumer.FirstLineAsync(hang), Is.EqualTo("a at 1, b at 6"));
        Assert.That(await consumer.EnterAsync(hang), Is.Zero);
    }
}
