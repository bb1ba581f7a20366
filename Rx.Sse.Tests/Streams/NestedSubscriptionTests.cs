using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Text;

namespace Rx.Sse.Tests.Streams;

/// <summary>
/// Subscribes inside another operator's subscription, where Rx's trampoline waits until that subscription is complete.
/// </summary>
internal sealed class NestedSubscriptionTests
{
    private const string Url = "http://test/";

    private static IEnumerable<TestCaseData> Operators
    {
        get
        {
            yield return Case("Defer", run => Observable.Defer(() => Observable.Return(run())));
            yield return Case("Select", run => Observable.Return(0).Select(_ => run()));
            yield return Case("Create", run => Observable.Create<string>(observer =>
            {
                observer.OnNext(run());
                observer.OnCompleted();
                return Disposable.Empty;
            }));
            yield return Case("Using", run => Observable.Using(() => Disposable.Empty, _ => Observable.Return(run())));
            yield return Case(
                "Concat", run => Observable.Empty<string>().Concat(Observable.Defer(() => Observable.Return(run()))));
            yield return Case("SelectMany", run => Observable.Range(0, 1).SelectMany(_ => Observable.Return(run())));
            yield return Case("Do", run =>
            {
                string result = "";
                return Observable.Return(0).Do(_ => result = run()).Select(_ => result);
            });

            static TestCaseData Case(string name, Func<Func<string>, IObservable<string>> build) =>
                new TestCaseData(build).SetArgDisplayNames(name);
        }
    }

    /// <summary>Repeated, because the response may arrive before or after the subscription is complete.</summary>
    [TestCaseSource(nameof(Operators))]
    [Repeat(100)]
    public void Wait_WithinAnotherSubscription_Returns(Func<Func<string>, IObservable<string>> build)
    {
        using var client = new HttpClient(new LateServer("data: a\n\n"));

        string result = build(() => Observable.FromSse(client, Url).FirstAsync().Wait().Data)
            .Timeout(TimeSpan.FromSeconds(30))
            .Wait();

        Assert.That(result, Is.EqualTo("a"));
    }

    /// <summary>Rx's trampoline is blocked in this case, and would stay blocked forever.</summary>
    [TestCaseSource(nameof(Operators))]
    public void Wait_WithinAnotherSubscription_AnsweredAtOnce_Returns(
        Func<Func<string>, IObservable<string>> build)
    {
        using var client = new HttpClient(new EndlessServer());

        string result = build(() => Observable.FromSse(client, Url).FirstAsync().Wait().Data)
            .Timeout(TimeSpan.FromSeconds(30))
            .Wait();

        Assert.That(result, Is.EqualTo("a"));
    }

    [TestCaseSource(nameof(Operators))]
    public void Wait_OnABodyWithinAnotherSubscription_Returns(Func<Func<string>, IObservable<string>> build)
    {
        using var body = new MemoryStream(Encoding.UTF8.GetBytes("data: a\n\n"));

        string result = build(() => body.ToSseObservable().FirstAsync().Wait().Data)
            .Timeout(TimeSpan.FromSeconds(30))
            .Wait();

        Assert.That(result, Is.EqualTo("a"));
    }

    [Test]
    public void Merge_WithASourceThatBlocks_SendsItsRequest()
    {
        using var server = new LateServer("data: a\n\n");
        using var client = new HttpClient(server);
        bool wasSent = false;
        IObservable<SseEvent> blocking = Observable.Create<SseEvent>(observer =>
        {
            wasSent = server.IsAsked;
            observer.OnCompleted();
            return Disposable.Empty;
        });

        using IDisposable subscription = Observable.FromSse(client, Url).Merge(blocking).Subscribe(_ => { });

        Assert.That(wasSent);
    }

    /// <summary>The body never ends, so only disposing from within ends it.</summary>
    [Test]
    public void Take_BodyThatIsThereAtOnce_Disposes([Values(1, 1000)] int count)
    {
        using var client = new HttpClient(new EndlessServer());

        IList<SseEvent> events = Observable.FromSse(client, Url).Take(count).ToList().Wait();

        Assert.That(events, Has.Count.EqualTo(count));
    }

    /// <summary>Responds on another thread, after the subscription.</summary>
    private sealed class LateServer(string body) : HttpMessageHandler
    {
        public bool IsAsked { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken)
        {
            IsAsked = true;
            await Task.Yield();
            return new HttpResponseMessage { Content = new StringContent(body, null, "text/event-stream") };
        }
    }

    /// <summary>Responds at once, with a body that always has bytes.</summary>
    private sealed class EndlessServer : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken) => Task.FromResult(new HttpResponseMessage
            {
                Content =
                    new StreamContent(new EndlessBody()) { Headers = { { "Content-Type", "text/event-stream" } } },
            });
    }

    private sealed class EndlessBody : PortableBody
    {
        private static readonly byte[] Event = Encoding.UTF8.GetBytes("data: a\n\n");

        protected override ValueTask<int> ReadCoreAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            int count = Math.Min(buffer.Length, Event.Length);
            Event.AsSpan(0, count).CopyTo(buffer.Span);
            return new(count);
        }
    }
}
