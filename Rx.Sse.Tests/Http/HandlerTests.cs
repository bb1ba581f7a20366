using System.Net;
using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Polly;
using Polly.Fallback;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Http;

/// <summary>Clients with handlers that treat a request or a response in a way that a stream does not expect.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class HandlerTests
{
    private static readonly SseOptions Never = new() { Reconnection = SseReconnection.Never };

    private readonly TestScheduler _scheduler = new();

    [Test]
    public void BufferingHandler_ResponseThatEnds_DeliversAllEventsAtTheEnd()
    {
        SseScript script = OpenStream().Event(FromSeconds(1), "a").Event(FromSeconds(2), "b").Close(FromSeconds(3));
        using HttpClient client = Buffering(new SseTestServer(_scheduler, script), heedsCancellation: true);
        List<(string Data, TimeSpan Time)> received = [];

        using IDisposable subscription = SseObservable.FromSse(client, Story.Path, Never, _scheduler)
            .Subscribe(e => received.Add((e.Data, FromTicks(_scheduler.Clock))));
        _scheduler.AdvanceTo(FromMinutes(1).Ticks);

        Assert.That(received, Is.EqualTo(new[] { ("a", FromSeconds(3)), ("b", FromSeconds(3)) }));
    }

    /// <summary>On .NET Framework, buffering cannot be cancelled.</summary>
    [TestCase(false)]
    [TestCase(true, Category = "NotNetFramework")]
    public void BufferingHandler_EndlessResponse_NeverOpensAndCanBeDisposedOf(bool heedsCancellation)
    {
        SseScript script = OpenStream().Event(FromSeconds(1), "a").Repeat(FromSeconds(1), FromMinutes(10));
        var server = new SseTestServer(_scheduler, script);
        using HttpClient client = Buffering(server, heedsCancellation);
        List<SseSignal> signals = [];
        List<Exception> errors = [];

        IDisposable subscription = SseObservable.FromSseSignals(client, Story.Path, Never, _scheduler)
            .Subscribe(signals.Add, errors.Add);
        _scheduler.AdvanceTo(FromMinutes(5).Ticks);
        subscription.Dispose();
        int open = server.OpenConnectionCount;
        _scheduler.AdvanceTo(FromMinutes(20).Ticks);

        Assert.That(signals, Has.Count.EqualTo(1).And.All.TypeOf<SseConnecting>());
        Assert.That(errors, Is.Empty);

        // Only the handler can close the connection, because nothing else has its response.
        Assert.That(open, Is.EqualTo(heedsCancellation ? 0 : 1));
    }

    [Test]
    public void CloningHandler_RefusedRequest_DisposesOfTheOriginalRequestToo()
    {
        var server = new SseTestServer(_scheduler, Respond(HttpStatusCode.BadRequest));
        using var client = new HttpClient(new CloningHandler { InnerHandler = server });
        var content = new ObservedContent();
        SseRequest request = SseRequest.Post(new Uri(SseTestServer.BaseAddress, "/"), () => content);

        SseObservable.FromSse(client, request, Never, _scheduler).Subscribe(_ => { }, _ => { });
        _scheduler.AdvanceTo(FromMinutes(1).Ticks);

        Assert.That(content.IsDisposed);
    }

    [Test]
    public void CloningHandler_Connection_DisposesOfBothRequestsAtItsEnd()
    {
        SseTestServer server = Story.Serve(_scheduler, OpenStream().Reset(FromSeconds(1)), OpenStream());
        using var client = new HttpClient(new CloningHandler { InnerHandler = server });
        List<ObservedContent> contents = [];
        SseRequest request = SseRequest.Post(new Uri(SseTestServer.BaseAddress, "/"), () =>
        {
            contents.Add(new ObservedContent());
            return contents[^1];
        });
        var options = new SseOptions { Resend = SseResend.Always, Reconnection = Story.WithoutJitter };

        IDisposable subscription = SseObservable.FromSse(client, request, options, _scheduler).Subscribe(_ => { });
        _scheduler.AdvanceTo(FromMilliseconds(500).Ticks);
        bool[] whileOpen = [.. contents.Select(content => content.IsDisposed)];
        _scheduler.AdvanceTo(FromSeconds(10).Ticks);
        bool[] afterReconnect = [.. contents.Select(content => content.IsDisposed)];
        subscription.Dispose();

        Assert.That(whileOpen, Is.EqualTo(new[] { false }));
        Assert.That(afterReconnect, Is.EqualTo(new[] { true, false }));
        Assert.That(contents, Has.All.Property(nameof(ObservedContent.IsDisposed)).True);
    }

    [Test]
    public void SharedResponse_SecondSubscription_FailsWithAnErrorThatTellsWhy([Values] bool buffered)
    {
        using HttpClient client = Sharing(buffered);
        List<string> received = [];
        Exception? error = null;

        SseObservable.FromSse(client, Story.Path, Never, _scheduler).Subscribe(e => received.Add(e.Data));
        SseObservable.FromSse(client, Story.Path, Never, _scheduler)
            .Subscribe(e => received.Add(e.Data), failure => error = failure);

        Assert.That(received, Is.EqualTo(new[] { "a" }));
        Assert.That(error, Is.TypeOf<SseRequestException>().With.InnerException.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void SharedContent_Reconnect_IsFinal()
    {
        var content = new ByteArrayContent("data: a\n\n"u8.ToArray());
        content.Headers.ContentType = new("text/event-stream");
        using var client = new HttpClient(new AnsweringHandler(() => new HttpResponseMessage { Content = content }));
        Exception? error = null;

        using IDisposable subscription = SseObservable.FromSse(client, Story.Address, null, _scheduler)
            .Subscribe(_ => { }, failure => error = failure);
        _scheduler.Start();

        Assert.That(error, Is.TypeOf<SseRequestException>().With.InnerException.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void SharedResponse_OfAStrategy_IsFinal()
    {
        var content = new ByteArrayContent("data: a\n\n"u8.ToArray());
        content.Headers.ContentType = new("text/event-stream");
        var response = new HttpResponseMessage { Content = content };
        var options = new SseOptions
        {
            Reconnection = SseReconnection.Default with
            {
                ConfigureAttempt = builder => builder.AddFallback(new FallbackStrategyOptions<HttpResponseMessage>
                {
                    FallbackAction = _ => new(Outcome.FromResult(response)),
                }),
            },
        };
        using HttpClient client = Story.Serve(_scheduler, Refuse()).CreateClient();
        Exception? error = null;

        using IDisposable subscription = SseObservable.FromSse(client, Story.Path, options, _scheduler)
            .Subscribe(_ => { }, failure => error = failure);
        _scheduler.Start();

        Assert.That(error, Is.TypeOf<SseRequestException>().With.InnerException.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Redirect_ThatTakesTheContentOff_DisposesOfIt()
    {
        SseTestServer server = Story.Serve(
            _scheduler, Respond(HttpStatusCode.SeeOther, headers: [("Location", "/answer")]), OpenStream());
        using HttpClient client = server.CreateClient();
        var content = new ObservedContent();
        SseRequest request = SseRequest.Post(Story.Path, () => content);

        using IDisposable subscription = SseObservable.FromSse(client, request, Never, _scheduler).Subscribe(_ => { });

        Assert.That(server.Requests.Select(sent => sent.Method), Is.EqualTo(new[] { HttpMethod.Post, HttpMethod.Get }));
        Assert.That(content.IsDisposed);
    }

    [Test]
    public void SharedResponse_Reconnect_IsFinal([Values] bool buffered)
    {
        using HttpClient client = Sharing(buffered);
        var options = new SseOptions { Reconnection = SseReconnection.Default with { UseJitter = false } };
        Exception? error = null;

        using IDisposable subscription = SseObservable.FromSse(client, Story.Path, options, _scheduler)
            .Subscribe(_ => { }, failure => error = failure);
        _scheduler.Start();

        Assert.That(_scheduler.Clock, Is.EqualTo(FromSeconds(3).Ticks));
        Assert.That(error, Is.TypeOf<SseRequestException>().With.InnerException.TypeOf<ObjectDisposedException>());
    }

    private static HttpClient Buffering(SseTestServer server, bool heedsCancellation) =>
        new(new BufferingHandler(heedsCancellation) { InnerHandler = server })
        {
            BaseAddress = SseTestServer.BaseAddress,
            Timeout = Timeout.InfiniteTimeSpan,
        };

    private static HttpClient Sharing(bool buffered)
    {
        byte[] body = "data: a\n\n"u8.ToArray();
        HttpContent content = buffered ? new ByteArrayContent(body) : new StreamContent(new MemoryStream(body));
        content.Headers.ContentType = new("text/event-stream");
        var response = new HttpResponseMessage { Content = content };
        return new HttpClient(new AnsweringHandler(() => response))
        {
            BaseAddress = SseTestServer.BaseAddress,
        };
    }

    private sealed class AnsweringHandler(Func<HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer());
    }

    /// <summary>Reads the whole body before it returns the response, like handlers that log bodies.</summary>
    private sealed class BufferingHandler(bool heedsCancellation) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            await response.Content.ReadAsByteArrayAsync(heedsCancellation ? cancellationToken : CancellationToken.None);
            return response;
        }
    }

    /// <summary>Sends a copy of the message, like handlers that resend a request.</summary>
    private sealed class CloningHandler : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var clone = new HttpRequestMessage(request.Method, request.RequestUri)
            {
                Content = new ByteArrayContent(await request.Content!.ReadAsByteArrayAsync(cancellationToken)),
            };
            return await base.SendAsync(clone, cancellationToken);
        }
    }

    private sealed class ObservedContent() : ByteArrayContent([1])
    {
        public bool IsDisposed { get; private set; }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
