using System.Net;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Rx.Sse.Scheduling;
using Rx.Sse.Testing;
using Rx.Sse.Tests.Http;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Streams;

/// <summary>A subscriber can dispose at any moment. Nothing is left behind, and nothing more is delivered.</summary>
internal sealed class DisposalTests
{
    private static readonly SseResponseScript Ticking =
        OpenStream().Send(FromSeconds(1), "data: a\n\ndata: b\n\n").Event(FromSeconds(2), "c");

    [Test]
    public void Dispose_WhileConnecting_LeavesNothing()
    {
        Story story = Story.Begin(NeverAnswer()).Until(1);

        AssertLeavesNothing(story);
    }

    [Test]
    public void Dispose_WhileReading_LeavesNothing()
    {
        Story story = Story.Begin(Ticking).Until(1.5);

        AssertLeavesNothing(story);
        Assert.That(story.Events.Count(), Is.EqualTo(2));
    }

    [Test]
    public void Dispose_WhileWaiting_LeavesNothing()
    {
        Story story = Story.Begin(Refuse()).Until(1);

        AssertLeavesNothing(story);
        Assert.That(story.Server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public void Dispose_WhileReadingAnErrorBody_LeavesNothing()
    {
        Story story = Story.Begin(OpenStream().WithContentType("text/plain")).Until(1);

        AssertLeavesNothing(story);
    }

    [Test]
    public void Dispose_HandlerThatAnswersAllTheSame_ClosesTheResponse()
    {
        var server = new DeafServer();
        using var client = new HttpClient(server);
        var body = new MemoryStream("data: a\n\n"u8.ToArray());
        int received = 0;

        Observable.FromSse(client, Story.Address).Subscribe(_ => received++).Dispose();
        using (NoSynchronizationContext.Enter())
            server.Answer.SetResult(
                new HttpResponseMessage
                {
                    Content = new StreamContent(body) { Headers = { { "Content-Type", "text/event-stream" } } },
                });

        Assert.That(body.CanRead, Is.False);
        Assert.That(received, Is.Zero);
    }

    [Test]
    public void Dispose_CallbackOnTheTokenThrows_ComesOutOfTheScheduler()
    {
        var scheduler = new TestScheduler();
        using HttpClient client = new SseTestServer(scheduler).CreateClient();
        SseRequest request = SseRequest.Create(cancellation =>
        {
            cancellation.Register(() => throw new FormatException("mine"));
            return new TaskCompletionSource<HttpRequestMessage>().Task;
        });

        IDisposable subscription = Observable.FromSse(client, request, null, scheduler).Subscribe(_ => { });

        Assert.That(subscription.Dispose, Throws.Nothing);
        Assert.That(scheduler.Start, Throws.TypeOf<AggregateException>().With.InnerException.Message.EqualTo("mine"));
    }

    /// <summary>Subscribe connects at once, and the subscription may be disposed of before it returns.</summary>
    [Test]
    public void Dispose_BeforeSubscribeReturns_CancelsTheOneRequest()
    {
        using var handler = new CancelledHandler();
        using var client = new HttpClient(handler);
        IObservable<SseEvent> stream = Observable.FromSse(client, "http://test/");

        using IDisposable subscription =
            stream.Select(static e => e.Data).Merge(Observable.Return("first")).Take(1).Subscribe(_ => { });

        Assert.That(handler.Requests, Is.EqualTo(new[] { true }), "whether each request was cancelled");
    }

    [Test]
    public void Dispose_CallbackOnTheTokenOfAReadThrows_ComesOutOfTheScheduler()
    {
        var scheduler = new TestScheduler();
        using var body = new ThrowingBody();
        IDisposable subscription = body.ToSseObservable(null, scheduler).Subscribe(_ => { });

        Assert.That(subscription.Dispose, Throws.Nothing);

        Assert.That(scheduler.Start, Throws.TypeOf<AggregateException>().With.InnerException.Message.EqualTo("mine"));
    }

    [Test]
    public void Dispose_Twice_IsTheSameAsOnce()
    {
        Story story = Story.Begin(Ticking).Until(1.5);

        story.Subscription.Dispose();
        Assert.That(story.Subscription.Dispose, Throws.Nothing);
    }

    [Test]
    public void Dispose_AfterTheEnd_DoesNothing()
    {
        Story story = Story.Begin(Respond(HttpStatusCode.NoContent)).ToTheEnd();

        Assert.That(story.Subscription.Dispose, Throws.Nothing);
        Assert.That(story.Observer.Messages, Has.Count.EqualTo(1));
    }

    [Test]
    public void Dispose_WithinOnNext_IsTheLastThatIsHeard()
    {
        var scheduler = new TestScheduler();
        SseTestServer server = Story.Serve(scheduler, Ticking);
        using HttpClient client = server.CreateClient();
        var subscription = new SingleAssignmentDisposable();
        var received = new List<string>();

        subscription.Disposable = Observable.FromSse(client, Story.Path, null, scheduler).Subscribe(e =>
        {
            received.Add(e.Data);
            subscription.Dispose();
        });
        scheduler.Start();

        Assert.That(received, Is.EqualTo(new[] { "a" }));
        Assert.That(server.OpenConnectionCount, Is.Zero);
        Assert.That(scheduler.Clock, Is.EqualTo(FromSeconds(1).Ticks), "nothing is scheduled");
    }

    [Test]
    public void Dispose_WithinOnNextDuringSubscribe_IsTheLastThatIsHeard()
    {
        var scheduler = new TestScheduler();
        SseTestServer server = Story.Serve(scheduler, OpenStream().Send(Zero, "data: a\n\ndata: b\n\n"));
        using HttpClient client = server.CreateClient();

        var received = new List<string>();
        using IDisposable subscription =
            Observable.FromSse(client, Story.Path, null, scheduler).Select(e => e.Data).Take(1).Subscribe(received.Add);

        Assert.That(received, Is.EqualTo(new[] { "a" }));
        Assert.That(server.OpenConnectionCount, Is.Zero);
    }

    [Test]
    public void Take_OfABodyThatIsThereAndNeverEnds_Returns()
    {
        using var client = new HttpClient(new EndlessServer());

        List<string> received = [];
        using IDisposable subscription =
            Observable.FromSse(client, Story.Address).Select(e => e.Data).Take(3).Subscribe(received.Add);

        Assert.That(received, Is.EqualTo(new[] { "a", "a", "a" }));
    }

    internal static void AssertLeavesNothing(Story story)
    {
        double now = story.Now;
        int messages = story.Observer.Messages.Count;

        story.Subscription.Dispose();

        Assert.That(story.Server.OpenConnectionCount, Is.Zero, "open connections");
        story.ToTheEnd();
        Assert.That(story.Now, Is.EqualTo(now), "nothing is scheduled");
        Assert.That(story.Observer.Messages, Has.Count.EqualTo(messages), "nothing is delivered");
    }

    /// <summary>A body whose read waits, and throws from the callback of its token.</summary>
    private sealed class ThrowingBody : PortableBody
    {
        protected override ValueTask<int> ReadCoreAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            cancellationToken.Register(() => throw new FormatException("mine"));
            return new(new TaskCompletionSource<int>().Task);
        }
    }

    /// <summary>Never responds, and records which requests were cancelled.</summary>
    private sealed class CancelledHandler : HttpMessageHandler
    {
        private readonly List<CancellationToken> _requests = [];

        public IEnumerable<bool> Requests => _requests.Select(request => request.IsCancellationRequested);

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken)
        {
            _requests.Add(cancellationToken);
            return new TaskCompletionSource<HttpResponseMessage>().Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Ignores cancellation.</summary>
    private sealed class DeafServer : HttpMessageHandler
    {
        public TaskCompletionSource<HttpResponseMessage> Answer { get; } = new();

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) =>
            Answer.Task;
    }

    /// <summary>Every read of its responses returns an event at once.</summary>
    private sealed class EndlessServer : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage
            {
                Content =
                    new StreamContent(new EndlessStream()) { Headers = { { "Content-Type", "text/event-stream" } } },
            });
    }

    private sealed class EndlessStream : PortableBody
    {
        protected override ValueTask<int> ReadCoreAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
            new(Copy(buffer.Span));

        private static int Copy(Span<byte> buffer)
        {
            ReadOnlySpan<byte> bytes = "data: a\n\n"u8;
            bytes = bytes[..Math.Min(bytes.Length, buffer.Length)];
            bytes.CopyTo(buffer);
            return bytes.Length;
        }
    }
}
