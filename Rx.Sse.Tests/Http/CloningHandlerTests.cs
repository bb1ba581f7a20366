using System.Net;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Http;

/// <summary>Handlers that send another message in the place of the one that they were given.</summary>
internal sealed class CloningHandlerTests
{
    [Test]
    public void FromSse_HandlerSendsACopy_BothAreDisposedOfWithTheConnection()
    {
        var scheduler = new Microsoft.Reactive.Testing.TestScheduler();
        SseTestServer server = Story.Serve(scheduler, OpenStream().Reset(FromSeconds(1)), OpenStream());
        var handler = new CopyingHandler(server);
        using var client = new HttpClient(handler) { BaseAddress = SseTestServer.BaseAddress };
        List<TrackedContent> contents = [];
        var request = SseRequest.Post(Story.Path, () =>
        {
            contents.Add(new TrackedContent());
            return contents[^1];
        });
        var options = new SseOptions { Resend = SseResend.Always, Reconnection = Story.WithoutJitter };

        IDisposable subscription = SseObservable.FromSse(client, request, options, scheduler).Subscribe(_ => { });
        scheduler.AdvanceTo(FromMilliseconds(500).Ticks);
        bool[] whileOpen = [.. contents.Select(content => content.IsDisposed)];
        scheduler.AdvanceTo(FromSeconds(10).Ticks);
        bool[] afterReconnect = [.. contents.Select(content => content.IsDisposed)];
        subscription.Dispose();

        Assert.That(whileOpen, Is.EqualTo(new[] { false }));
        Assert.That(afterReconnect, Is.EqualTo(new[] { true, false }));
        Assert.That(contents, Has.All.Property(nameof(TrackedContent.IsDisposed)).True);
        Assert.That(handler.Copies, Has.Count.EqualTo(2).And.All.Property(nameof(TrackedContent.IsDisposed)).True);
    }

    private sealed class CopyingHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        public List<TrackedContent> Copies { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Copies.Add(new TrackedContent());
            var copy = new HttpRequestMessage(request.Method, request.RequestUri) { Content = Copies[^1] };
            return base.SendAsync(copy, cancellationToken);
        }
    }

    private sealed class TrackedContent : HttpContent
    {
        public bool IsDisposed { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => Task.CompletedTask;

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
