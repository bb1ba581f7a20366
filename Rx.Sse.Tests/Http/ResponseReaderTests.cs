using System.Reactive.Disposables;
using System.Reactive.Linq;
using Microsoft.Reactive.Testing;

namespace Rx.Sse.Tests.Http;

/// <summary>Bodies that ignore cancellation, that block, and that are disposed of while an observer is busy.</summary>
[CancelAfter(60_000)]
internal sealed class ResponseReaderTests
{
    /// <summary>Like the body of Android's default handler, or the output of a process.</summary>
    [Test]
    public async Task Dispose_BodyThatIgnoresTheToken_ClosesIt([Values] bool isErrorBody, CancellationToken hang)
    {
        using var body = new DeafBody();
        using var client = new HttpClient(new OneAnswer(body, isErrorBody ? 500 : 200));
        IDisposable subscription = Observable.FromSse(client, "http://test/").Subscribe(_ => { });

        subscription.Dispose();

        await body.Closed.WaitAsync(hang);
        Assert.That(body.Reads, Is.EqualTo(1));
    }

    [Test]
    public async Task IdleTimeout_BodyThatIgnoresTheToken_FailsTheStream(CancellationToken hang)
    {
        using var body = new DeafBody();
        var scheduler = new TestScheduler();
        var ended = new TaskCompletionSource<Exception>();
        var options = new SseOptions { IdleTimeout = TimeSpan.FromSeconds(10) };
        using IDisposable subscription =
            body.ToSseObservable(options, scheduler).Subscribe(_ => { }, ended.SetResult);

        scheduler.AdvanceTo(TimeSpan.FromSeconds(10).Ticks);

        Assert.That(await ended.Task.WaitAsync(hang), Is.TypeOf<SseIdleTimeoutException>());
        await body.Closed.WaitAsync(hang);
    }

    /// <summary>Content without a read stream is buffered to its end, which may never come.</summary>
    [Test]
    public async Task IdleTimeout_ContentThatIsNeverBuffered_FailsTheStream(CancellationToken hang)
    {
        var scheduler = new TestScheduler();
        var ended = new TaskCompletionSource<Exception>();
        using var response = new HttpResponseMessage { Content = new EndlessContent() };
        var options = new SseOptions { IdleTimeout = TimeSpan.FromSeconds(10) };
        using IDisposable subscription =
            response.ToSseObservable(options, scheduler).Subscribe(_ => { }, ended.SetResult);

        scheduler.AdvanceTo(TimeSpan.FromSeconds(10).Ticks);

        Assert.That(await ended.Task.WaitAsync(hang), Is.TypeOf<SseIdleTimeoutException>());
    }

    [Test]
    public async Task Dispose_BodyThatBlocks_DoesNotBlock(CancellationToken hang)
    {
        using var body = new BlockingBody();
        var subscription = new SingleAssignmentDisposable();
        Task reading = Task.Run(() => subscription.Disposable = body.ToSseObservable().Subscribe(_ => { }), hang);
        await body.Blocks.WaitAsync(hang);

        await Task.Run(subscription.Dispose, hang).WaitAsync(hang);

        body.GoOn();
        await reading.WaitAsync(hang);
    }

    /// <summary>Nothing is read on the disposing thread, and unread bytes stay in the caller's stream.</summary>
    [Test]
    public async Task Dispose_WhileTheObserverWorks_ClosesTheBodyWhenItReturns(CancellationToken hang)
    {
        using var body = new CountingBody("data: a\n\ndata: b\n\n"u8.ToArray());
        var subscription = new SingleAssignmentDisposable();
        List<string> received = [];
        bool wasClosedMeanwhile = true;

        subscription.Disposable = body.ToSseObservable().Subscribe(e =>
        {
            received.Add(e.Data);
            var disposing = new Thread(subscription.Dispose);
            disposing.Start();
            disposing.Join();
            wasClosedMeanwhile = body.Closed.IsCompleted;
        });
        body.GoOn();
        await body.Closed.WaitAsync(hang);

        Assert.That(received, Is.EqualTo(new[] { "a" }));
        Assert.That(wasClosedMeanwhile, Is.False);
        Assert.That(body.Reads, Is.EqualTo(1));
    }

    private sealed class OneAnswer(Stream body, int status) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken) => Task.FromResult(new HttpResponseMessage(
                (System.Net.HttpStatusCode)status)
            {
                Content = new StreamContent(body) { Headers = { { "Content-Type", "text/event-stream" } } },
            });
    }

    private sealed class EndlessContent : HttpContent
    {
        public EndlessContent() => Headers.ContentType = new("text/event-stream");

        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) =>
            new TaskCompletionSource().Task;

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private abstract class ClosableBody : PortableBody
    {
        private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Closed => _closed.Task;

        protected override void Dispose(bool disposing)
        {
            _closed.TrySetResult();
            base.Dispose(disposing);
        }
    }

    /// <summary>A body whose reads never complete, even if the token is cancelled or the stream is closed.</summary>
    private sealed class DeafBody : ClosableBody
    {
        public int Reads { get; private set; }

        protected override ValueTask<int> ReadCoreAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            Reads++;
            return new(new TaskCompletionSource<int>().Task);
        }
    }

    /// <summary>A body whose reads block the calling thread, as in a synchronous implementation.</summary>
    private sealed class BlockingBody : ClosableBody
    {
        private readonly TaskCompletionSource _blocks = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _goOn = new();

        public Task Blocks => _blocks.Task;

        public void GoOn() => _goOn.Set();

        protected override ValueTask<int> ReadCoreAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            _blocks.TrySetResult();
            _goOn.Wait(CancellationToken.None);
            return new(0);
        }
    }

    private sealed class CountingBody(byte[] bytes) : ClosableBody
    {
        private readonly TaskCompletionSource _goOn = new();

        public int Reads { get; private set; }

        public void GoOn() => _goOn.SetResult();

        protected override async ValueTask<int> ReadCoreAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            Reads++;
            await _goOn.Task;
            bytes.CopyTo(buffer);
            return bytes.Length;
        }
    }
}
