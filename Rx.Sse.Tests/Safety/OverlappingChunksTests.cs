using System.Reactive.Disposables;
using System.Reactive.Subjects;
using System.Text;
using Rx.Sse.Tests.Reliability.Safety;

namespace Rx.Sse.Tests.Safety;

/// <summary>
/// Sources that break the Rx contract: they push a chunk while an earlier chunk is still being parsed.
/// </summary>
[CancelAfter(60_000)]
internal sealed class OverlappingChunksTests
{
    private readonly List<object> _seen = [];

    [SetUp]
    public void Forget() => _seen.Clear();

    [Test]
    public void OnNext_WithinOnNext_ThrowsAndFailsWhenTheCallReturns()
    {
        var source = new Subject<ReadOnlyMemory<byte>>();
        using IDisposable subscription = source.ParseSse().Subscribe(
            e =>
            {
                _seen.Add(e.Data);
                Push(source, "data: nested\n\n");
                Push(source, "data: nested again\n\n");
            },
            _seen.Add);

        source.OnNext(Chunk("data: a\n\ndata: b\n\ndata: cut o"));

        Assert.That(_seen, Has.Count.EqualTo(7));
        Assert.That(_seen[0], Is.EqualTo("a"));
        Assert.That(_seen[1], Is.TypeOf<InvalidOperationException>().With.Message.Contains("within OnNext"));
        Assert.That(_seen[2], Is.TypeOf<InvalidOperationException>());
        Assert.That(_seen[3], Is.EqualTo("b"), "the running call is not disturbed");
        Assert.That(_seen[6], Is.SameAs(_seen[1]), "the subscription fails with the first one");
        Assert.That(source.HasObservers, Is.False);
    }

    [Test]
    public void OnNext_WithinOnNextUncaught_ReachesTheSourceAndOnError()
    {
        var source = new Subject<ReadOnlyMemory<byte>>();
        using IDisposable subscription = source.ParseSse()
            .Subscribe(_ => source.OnNext(Chunk("data: nested\n\n")), _seen.Add);

        Exception? thrown = Assert.Throws<InvalidOperationException>(
            () => source.OnNext(Chunk("data: a\n\ndata: b\n\n")));

        Assert.That(_seen, Is.EqualTo(new[] { thrown }));
        Assert.That(source.HasObservers, Is.False);
    }

    /// <summary>
    /// The subscription has ended with the observer's exception. The misuse before that is not reported as well.
    /// </summary>
    [Test]
    public void OnNext_WithinOnNextThenAnotherError_PassesThatErrorAlone()
    {
        var source = new Subject<ReadOnlyMemory<byte>>();
        using IDisposable subscription = source.ParseSse().Subscribe(
            _ =>
            {
                Push(source, "data: nested\n\n");
                throw new FormatException();
            },
            error => _seen.Add($"OnError {error.Message}"));

        Assert.That(() => source.OnNext(Chunk("data: a\n\n")), Throws.TypeOf<FormatException>());

        Assert.That(_seen, Has.Count.EqualTo(1).And.All.TypeOf<InvalidOperationException>());
        Assert.That(source.HasObservers, Is.False);
    }

    [Test]
    public void OnNext_WithinTheSelector_ThrowsAndFailsWhenTheCallReturns()
    {
        var source = new Subject<ReadOnlyMemory<byte>>();
        using IDisposable subscription = source
            .ParseSse(e =>
            {
                Push(source, new string('#', 5_000));
                return Encoding.UTF8.GetString(e.Data);
            })
            .Subscribe(_seen.Add, _seen.Add);

        source.OnNext(Chunk("data: a\ndata: b"));
        source.OnNext(Chunk("\n\n"));

        Assert.That(_seen, Has.Count.EqualTo(3));
        Assert.That(_seen[1], Is.EqualTo("a\nb"));
        Assert.That(_seen[2], Is.SameAs(_seen[0]));
    }

    /// <summary>
    /// After disposal, a chunk that comes too early is not an error. It is ignored like any other chunk.
    /// </summary>
    [Test]
    public void OnNext_WithinOnNextAfterDispose_IsIgnored()
    {
        var source = new Relay();
        using var subscription = new SingleAssignmentDisposable();
        subscription.Disposable = source.ParseSse().Subscribe(
            e =>
            {
                _seen.Add(e.Data);
                subscription.Dispose();
                source.Observer.OnNext(Chunk("data: nested\n\n"));
            },
            _seen.Add);

        source.Observer.OnNext(Chunk("data: a\n\ndata: b\n\n"));

        Assert.That(_seen, Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task OnNext_OnTwoThreads_ThrowsOnTheSecondAndFailsTheFirst(CancellationToken hang)
    {
        var source = new Relay();
        using var running = new BlockedObserver();
        using IDisposable subscription = source.ParseSse().Subscribe(running.OnNext, running.Seen.Add);
        Task first = Task.Run(() => source.Observer.OnNext(Chunk("data: a\n\ndata: b\n\n")), hang);
        running.WaitUntilEntered(hang);

        InvalidOperationException? misuse = Assert.Throws<InvalidOperationException>(
            () => source.Observer.OnNext(Chunk("data: c\n\n")));
        Assert.That(running.Seen, Is.EqualTo(new[] { "a" }), "nothing is delivered while the call runs");
        running.Release();
        await first;

        Assert.That(running.Seen, Is.EqualTo(new object[] { "a", "b", misuse! }));
        Assert.That(misuse!.Message, Does.Contain("another call"));
        source.Observer.OnNext(Chunk("data: d\n\n"));
        Assert.That(running.Seen, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task End_WhileAnotherThreadIsInOnNext_WaitsForIt([Values] bool withError, CancellationToken hang)
    {
        var source = new Relay();
        var error = new FormatException();
        using var running = new BlockedObserver();
        using IDisposable subscription = source.ParseSse().Subscribe(
            running.OnNext, running.Seen.Add, () => running.Seen.Add("completed"));
        Task first = Task.Run(() => source.Observer.OnNext(Chunk("data: a\n\ndata: b\n\n")), hang);
        running.WaitUntilEntered(hang);

        if (withError)
            source.Observer.OnError(error);
        else
            source.Observer.OnCompleted();
        Assert.That(running.Seen, Is.EqualTo(new[] { "a" }));
        running.Release();
        await first;

        Assert.That(running.Seen, Is.EqualTo(new object[] { "a", "b", withError ? error : "completed" }));
    }

    [Test]
    public async Task Dispose_WhileASelectorReadsPooledBytes_ReturnsThemLater(CancellationToken hang)
    {
        using var buffers = new BufferCensus();
        var source = new Relay();
        using var running = new BlockedObserver();
        string? read = null;
        IDisposable subscription = source
            .ParseSse(e =>
            {
                running.OnNext(new SseEvent());
                return read = Encoding.UTF8.GetString(e.Data);
            })
            .Subscribe(_seen.Add);
        string data = new('x', 3_000);
        source.Observer.OnNext(Chunk($"data: {data}"));
        Task feeding = Task.Run(() => source.Observer.OnNext(Chunk("\n\n")), hang);
        running.WaitUntilEntered(hang);

        subscription.Dispose();
        Assert.That(buffers.Outstanding, Is.Positive);
        CanaryPool.Fill();
        running.Release();
        await feeding;

        Assert.That(read, Is.EqualTo(data));
        Assert.That(_seen, Is.Empty);
        Assert.That(buffers.Outstanding, Is.Zero);
    }

    /// <summary>Without an <c>onError</c>, Rx throws the error to the code that pushed the chunk.</summary>
    [Test]
    public void OnNext_ObserverThrowsTheError_ReachesTheSource([Values("limit", "selector", "memory")] string kind)
    {
        var source = new Subject<ReadOnlyMemory<byte>>();
        using IDisposable subscription = kind == "selector"
            ? source.ParseSse<int>(_ => throw new FormatException()).Subscribe(_ => { })
            : source.ParseSse(new SseOptions { MaxEventSize = 20 }).Subscribe(_ => { });

        Exception? thrown = Assert.Catch(
            () => source.OnNext(
                kind == "memory" ? new DisposedMemory().Memory : Chunk(
                    $"data: {new string('x', kind == "limit" ? 50 : 5)}\n\n")));

        Type expected = kind switch
        {
            "selector" => typeof(FormatException),
            "limit" => typeof(SseLimitException),
            _ => typeof(SseException),
        };
        Assert.That(thrown, Is.TypeOf(expected));
        Assert.That(source.HasObservers, Is.False);
    }

    [Test]
    public void OnCompleted_WithinTheSelectorAndThrows_ReachesTheSource()
    {
        var source = new Subject<ReadOnlyMemory<byte>>();
        using IDisposable subscription = source
            .ParseSse(_ =>
            {
                source.OnCompleted();
                return 0;
            })
            .Subscribe(_ => { }, _ => { }, () => throw new FormatException());

        Assert.That(() => source.OnNext(Chunk("data: a\n\n")), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void OnNext_MemoryThatIsDisposedOf_FailsTheStream()
    {
        var source = new Subject<ReadOnlyMemory<byte>>();
        using IDisposable subscription = source.ParseSse().Subscribe(e => _seen.Add(e.Data), _seen.Add);

        source.OnNext(Chunk("data: a\n\n"));
        source.OnNext(new DisposedMemory().Memory);

        Assert.That(_seen, Has.Count.EqualTo(2));
        Assert.That(_seen[1], Is.TypeOf<SseException>().With.InnerException.TypeOf<ObjectDisposedException>());
        Assert.That(source.HasObservers, Is.False);
    }

    private void Push(Subject<ReadOnlyMemory<byte>> source, string text)
    {
        try
        {
            source.OnNext(Chunk(text));
        }
        catch (InvalidOperationException exception)
        {
            _seen.Add(exception);
        }
    }

    private static ReadOnlyMemory<byte> Chunk(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Forwards every call, on any thread.</summary>
    private sealed class Relay : IObservable<ReadOnlyMemory<byte>>
    {
        public IObserver<ReadOnlyMemory<byte>> Observer { get; private set; } = null!;

        public IDisposable Subscribe(IObserver<ReadOnlyMemory<byte>> observer)
        {
            Observer = observer;
            return Disposable.Empty;
        }
    }

    /// <summary>Blocks in its first OnNext until it is released.</summary>
    private sealed class BlockedObserver : IDisposable
    {
        private readonly ManualResetEventSlim _entered = new(), _released = new();

        public List<object> Seen { get; } = [];

        public void OnNext(SseEvent e)
        {
            Seen.Add(e.Data);
            _entered.Set();
            _released.Wait();
        }

        public void WaitUntilEntered(CancellationToken hang) => _entered.Wait(hang);

        public void Release() => _released.Set();

        public void Dispose()
        {
            _released.Set();
            _entered.Dispose();
            _released.Dispose();
        }
    }
}
