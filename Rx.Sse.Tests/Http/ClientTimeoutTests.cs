using Microsoft.Reactive.Testing;
using Rx.Sse.Testing;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Http;

/// <summary>What an error says when <see cref="HttpClient.Timeout"/> ends an attempt.</summary>
internal sealed class ClientTimeoutTests
{
    private static readonly SseOptions Options = new() { Reconnection = SseReconnection.Never };

    private static readonly SseScript TimedOut =
        Refuse(exception: new TaskCanceledException("timeout", new TimeoutException()));

    [Test]
    public void Message_ClientTimesOut_NamesTheTimeoutAndTheLimitsOfStreams() =>
        Assert.That(
            ErrorOf(client => client.Timeout = TimeSpan.FromSeconds(30)).Message,
            Does.Contain("HttpClient.Timeout is 00:00:30")
                .And.Contain("MaxConnectionsPerServer")
                .And.Contain("SETTINGS_MAX_CONCURRENT_STREAMS")
                .And.Contain("EnableMultipleHttp2Connections"));

    [Test]
    public void Message_ClientWithoutTimeout_BlamesTheHandler() =>
        Assert.That(
            ErrorOf(client => client.Timeout = Timeout.InfiniteTimeSpan).Message,
            Does.Contain("handler gave the request up").And.Not.Contain("HttpClient.Timeout"));

    private static Exception ErrorOf(Action<HttpClient> configure)
    {
        var scheduler = new TestScheduler();
        using HttpClient client = Story.Serve(scheduler, TimedOut).CreateClient();
        configure(client);
        Exception? error = null;

        using IDisposable subscription = SseObservable.FromSse(client, Story.Path, Options, scheduler)
            .Subscribe(_ => { }, thrown => error = thrown);
        scheduler.Start();

        Assert.That(error, Is.TypeOf<SseConnectionException>().With.InnerException.TypeOf<TimeoutException>());
        return error!;
    }
}
