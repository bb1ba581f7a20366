using System.Net;
using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Polly;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Http;

/// <summary>What is sent to the server.</summary>
internal sealed class RequestTests
{
    [Test]
    public void FromSse_Get_AsksForAFreshEventStream()
    {
        HttpRequestMessage request = Send(Story.Path);

        Assert.That(request.Method, Is.EqualTo(HttpMethod.Get));
        Assert.That(request.RequestUri, Is.EqualTo(Story.Address));
        Assert.That(
            request.Headers.ToString().ReplaceLineEndings("\n"),
            Is.EqualTo("Accept: text/event-stream\nCache-Control: no-cache\n"));
    }

    [Test]
    public void FromSse_HeadersOfTheMessage_Win()
    {
        HttpRequestMessage request = Send(
            SseRequest.Create(() => new HttpRequestMessage(HttpMethod.Get, Story.Address)
            {
                Headers =
                {
                    { "Accept", "application/x-ndjson" },
                    { "Cache-Control", "no-store" },
                    { "Last-Event-ID", "mine" },
                },
            }),
            new SseOptions { LastEventId = "1" });

        Assert.That(request.Headers.Accept.ToString(), Is.EqualTo("application/x-ndjson"));
        Assert.That(request.Headers.CacheControl!.ToString(), Is.EqualTo("no-store"));
        Assert.That(request.Headers.GetValues("Last-Event-ID"), Is.EqualTo(new[] { "mine" }));
    }

    [TestCase("application/json")]
    [TestCase("*/*")]
    [TestCase("text/*, application/json;q=0.5")]
    [TestCase("text/event-stream;q=0")]
    [TestCase("text/event-streams")]
    public void FromSse_DefaultAcceptWithoutEventStreams_IsOverridden(string accept)
    {
        var story = new HeaderProbe();
        story.Client.DefaultRequestHeaders.Add("Accept", accept);

        Assert.That(story.Send(Story.Path, null).Headers.Accept.ToString(), Is.EqualTo("text/event-stream"));
    }

    [TestCase("application/json, text/event-stream")]
    [TestCase("Text/Event-Stream; q=0.5, */*; q=0.1")]
    public void FromSse_DefaultAcceptWithEventStreams_Wins(string accept)
    {
        var story = new HeaderProbe();
        story.Client.DefaultRequestHeaders.Add("Accept", accept);

        Assert.That(story.Send(Story.Path, null).Headers.Accept.ToString(), Is.EqualTo(accept));
    }

    [Test]
    public void FromSse_DefaultHeadersOfTheClient_Win()
    {
        var story = new HeaderProbe();
        story.Client.DefaultRequestHeaders.Add("Accept", "text/event-stream;q=0.5");
        story.Client.DefaultRequestHeaders.Add("Cache-Control", "max-age=0");
        story.Client.DefaultRequestHeaders.Add("Last-Event-ID", "mine");

        HttpRequestMessage request = story.Send(Story.Path, new SseOptions { LastEventId = "1" });

        Assert.That(request.Headers.Accept.ToString(), Is.EqualTo("text/event-stream; q=0.5"));
        Assert.That(request.Headers.CacheControl!.ToString(), Is.EqualTo("max-age=0"));
        Assert.That(request.Headers.GetValues("Last-Event-ID"), Is.EqualTo(new[] { "mine" }));
    }

    [Test]
    public void FromSse_RelativeAddress_ResolvesAgainstTheBaseAddress(
        [Values("stream?x=1", "/api/stream?x=1")] string address)
    {
        var story = new HeaderProbe();
        story.Client.BaseAddress = new Uri("http://test/api/");

        Assert.That(story.Send(address, null).RequestUri, Is.EqualTo(new Uri("http://test/api/stream?x=1")));
    }

    [Test]
    public void FromSse_MessageWithoutAddress_GoesToTheBaseAddress()
    {
        var options = new SseOptions { Reconnection = Story.WithoutJitter };
        var scheduler = new TestScheduler();
        var server = new SseTestServer(scheduler, OpenStream());
        var seen = new List<SseSignal>();

        using IDisposable subscription = Observable
            .FromSseSignals(
                server.CreateClient(), SseRequest.Create(() => new HttpRequestMessage()), options, scheduler)
            .Subscribe(seen.Add);

        Assert.That(seen[0], Is.EqualTo(new SseConnecting { Address = SseTestServer.BaseAddress }));
        server.Requests.AssertEqual(ExpectedGet(Zero));
    }

    [Test]
    public void FromSse_EveryAttempt_SendsANewMessage()
    {
        int made = 0;
        Story story = Story.Begin(
            SseRequest.Create(async _ =>
            {
                await Task.CompletedTask;
                return new HttpRequestMessage(HttpMethod.Get, Story.Address)
                {
                    Headers = { { "Authorization", $"Bearer {++made}" } },
                };
            }),
            new SseOptions { Reconnection = Story.WithoutJitter },
            Refuse(),
            Respond(HttpStatusCode.ServiceUnavailable),
            OpenStream()).Until(10);

        Assert.That(
            story.Server.Requests.Select(request => request.Headers["Authorization"]),
            Is.EqualTo(new[] { "Bearer 1", "Bearer 2", "Bearer 3" }));
    }

    [Test]
    public void FromSse_FactoryThatThrows_IsFinal()
    {
        Story story = Story.Begin(
            SseRequest.Create(HttpRequestMessage () => throw new HttpRequestException("no token")),
            new SseOptions(),
            OpenStream()).ToTheEnd();

        Assert.That(story.Error, Is.TypeOf<SseRequestException>().With.InnerException.Message.EqualTo("no token"));
        Assert.That(story.Server.Requests, Is.Empty);
    }

    [Test]
    public void FromSse_FactoryOutlastsTheConnectTimeout_IsTriedAgain()
    {
        int calls = 0;
        Story story = Story.Begin(
            SseRequest.Create(cancellation => ++calls == 1
                ? Pending(cancellation)
                : Task.FromResult(new HttpRequestMessage(HttpMethod.Get, Story.Address))),
            new SseOptions
            {
                Reconnection = Story.WithoutJitter with
                {
                    ConfigureAttempt = builder => builder.AddTimeout(FromSeconds(4)),
                },
            },
            OpenStream()).Until(60);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 7.0 }));

        static Task<HttpRequestMessage> Pending(CancellationToken cancellation)
        {
            var pending = new TaskCompletionSource<HttpRequestMessage>();
            cancellation.Register(() => pending.TrySetCanceled(cancellation));
            return pending.Task;
        }
    }

    [Test]
    public void FromSse_FactoryThatReturnsNull_IsFinal()
    {
        Story story = Story.Begin(SseRequest.Create(() => null!), new SseOptions(), OpenStream()).ToTheEnd();

        Assert.That(story.Error, Is.TypeOf<SseRequestException>());
    }

    [Test]
    public void FromSse_ContentFactoryThatReturnsNull_IsFinal()
    {
        Story story = Story.Begin(SseRequest.Post(Story.Path, () => null!), new SseOptions(), OpenStream()).ToTheEnd();

        Assert.That(
            story.Error,
            Is.TypeOf<SseRequestException>().With.InnerException.Message.EqualTo("The content factory returned null."));
        Assert.That(story.Server.Requests, Is.Empty);
    }

    [Test]
    public void FromSse_TheSameMessageAgain_IsFinal()
    {
        var message = new HttpRequestMessage(HttpMethod.Get, Story.Address);
        Story story = Story.Begin(SseRequest.Create(() => message), new SseOptions(), Refuse()).ToTheEnd();

        Assert.That(story.Error, Is.TypeOf<SseRequestException>());
        Assert.That(story.Server.Requests, Has.Count.EqualTo(1));
    }

    /// <summary>.NET's own handler throws this exception if a server redirects to an address without a host.</summary>
    [Test]
    public void FromSse_RedirectToNoAddress_IsFinal()
    {
        Story story = Story.Begin(Refuse(exception: new UriFormatException())).ToTheEnd();

        Assert.That(story.Error, Is.TypeOf<SseRequestException>().With.InnerException.TypeOf<UriFormatException>());
    }

    [Test]
    public void FromSse_DisposedClient_IsFinal()
    {
        Story story = Story.Begin(Refuse());
        story.Client.Dispose();
        story.ToTheEnd();

        Assert.That(
            story.Error, Is.TypeOf<SseRequestException>().With.InnerException.TypeOf<ObjectDisposedException>());
    }

    private static HttpRequestMessage Send(SseRequest request, SseOptions? options = null) =>
        new HeaderProbe().Send(request, options);
}
