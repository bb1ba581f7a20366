using System.Net;
using Microsoft.Reactive.Testing;
using Rx.Sse.Testing;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Http;

/// <summary>What an error says when <see cref="HttpClient.Timeout"/> ends an attempt.</summary>
internal sealed class ClientTimeoutTests
{
    private const string Hint = "SETTINGS_MAX_CONCURRENT_STREAMS";

    private static readonly SseOptions Options = new() { Reconnection = SseReconnection.Never };

    private static readonly SseScript TimedOut =
        Refuse(exception: new TaskCanceledException("timeout", new TimeoutException()));

    [TestCase("2.0", HttpVersionPolicy.RequestVersionExact)]
    [TestCase("2.0", HttpVersionPolicy.RequestVersionOrLower)]
    [TestCase("2.0", HttpVersionPolicy.RequestVersionOrHigher)]
    [TestCase("1.1", HttpVersionPolicy.RequestVersionOrHigher)]
    [TestCase("3.0", HttpVersionPolicy.RequestVersionOrLower)]
    [Category("NotNetStandard")]
    public void Message_MayBeHttp2_NamesTheLimitOfStreams(string version, HttpVersionPolicy policy) =>
        Assert.That(
            MessageAfter(version, policy),
            Does.Contain(Hint)
                .And.Contain("EnableMultipleHttp2Connections")
                .And.Contain("HttpClient.Timeout is 00:00:30"));

    [TestCase("1.1", HttpVersionPolicy.RequestVersionOrLower)]
    [TestCase("1.1", HttpVersionPolicy.RequestVersionExact)]
    [TestCase("3.0", HttpVersionPolicy.RequestVersionExact)]
    [TestCase("3.0", HttpVersionPolicy.RequestVersionOrHigher)]
    [Category("NotNetStandard")]
    public void Message_NotHttp2_NamesTheTimeoutAlone(string version, HttpVersionPolicy policy) =>
        Assert.That(
            MessageAfter(version, policy), Does.Contain("HttpClient.Timeout is 00:00:30").And.Not.Contain("HTTP/2"));

    /// <summary>A request from an address takes the client's version.</summary>
    [Test]
    [Category("NotNetStandard")]
    public void Message_ClientAsksForHttp2_NamesTheLimitOfStreams() =>
        Assert.That(
            ErrorOf(Story.Path, client => client.DefaultRequestVersion = HttpVersion.Version20).Message,
            Does.Contain(Hint));

    [Test]
    public void Message_ClientWithoutTimeout_BlamesTheHandler() =>
        Assert.That(
            ErrorOf(Story.Path, client => client.Timeout = Timeout.InfiniteTimeSpan).Message,
            Does.Contain("handler gave the request up").And.Not.Contain("HttpClient.Timeout"));

    private static string MessageAfter(string version, HttpVersionPolicy policy) => ErrorOf(
        SseRequest.Create(
            () => new(HttpMethod.Get, Story.Path) { Version = new(version), VersionPolicy = policy }),
        client => client.Timeout = TimeSpan.FromSeconds(30)).Message;

    private static Exception ErrorOf(SseRequest request, Action<HttpClient> configure)
    {
        var scheduler = new TestScheduler();
        using HttpClient client = Story.Serve(scheduler, TimedOut).CreateClient();
        configure(client);
        Exception? error = null;

        using IDisposable subscription = SseObservable.FromSse(client, request, Options, scheduler)
            .Subscribe(_ => { }, thrown => error = thrown);
        scheduler.Start();

        Assert.That(error, Is.TypeOf<SseConnectionException>().With.InnerException.TypeOf<TimeoutException>());
        return error!;
    }
}
