using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Runtime.InteropServices;
using Rx.Sse.Tests.Reliability.Safety;

namespace Rx.Sse.Tests.Safety;

/// <summary>Bodies that break the rules of <see cref="Stream.ReadAsync(Memory{byte}, CancellationToken)"/>.</summary>
[CancelAfter(60_000)]
internal sealed class CarelessStreamTests
{
    [Test]
    public void Dispose_WhileAReadIgnoresTheToken_LeavesTheBufferToTheRead()
    {
        using var body = new CarelessStream("data: a\n\n"u8.ToArray()) { GivesUpAlone = true };
        List<string> events = [];
        IDisposable subscription = body.ToSseObservable().Subscribe(e => events.Add(e.Data));
        Assert.That(events, Is.EqualTo(new[] { "a" }));
        Assert.That(body.PendingBuffer, Is.Not.Null);

        subscription.Dispose();

        // The read still owns the array, so nothing else may rent it.
        byte[][] rented =
            [.. Enumerable.Range(0, 200).Select(_ => ArrayPool<byte>.Shared.Rent(body.PendingBuffer!.Length))];
        Assert.That(rented, Has.None.SameAs(body.PendingBuffer));
        foreach (byte[] array in rented)
            ArrayPool<byte>.Shared.Return(array);
    }

    [Test]
    public void Read_MoreReportedThanWritten_ShowsNoForeignBytes()
    {
        CanaryPool.Fill("data: ~\n\n"u8);
        using var body = new CarelessStream("data: a\n\ndata: b\n\n"u8.ToArray()) { Reported = 2_000, Ends = true };
        List<string> events = [];

        using IDisposable subscription = body.ToSseObservable().Subscribe(e => events.Add(e.Data));

        Assert.That(events, Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public void Read_ImpossibleCount_FailsTheStream([Values(-1, 1_000_000)] int reported)
    {
        using var body = new CarelessStream("data: a\n\n"u8.ToArray()) { Reported = reported };
        Exception? error = null;

        using IDisposable subscription = body.ToSseObservable().Subscribe(_ => { }, thrown => error = thrown);

        Assert.That(error, Is.TypeOf<SseConnectionException>());
        Assert.That(error!.Message, Does.Contain($"reported {reported} bytes"));
    }

    [Test]
    public void Refuse_BodyThatReportsMoreThanItWrites_ShowsNoForeignBytes(
        [Values(2_000, -1, int.MaxValue)] int reported)
    {
        CanaryPool.Fill();
        using var response = new HttpResponseMessage(HttpStatusCode.NotFound)
        {
            Content = new StreamContent(
                new CarelessStream("no such stream"u8.ToArray()) { Reported = reported, Ends = true }),
        };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        Exception? error = null;

        using IDisposable subscription = response.ToSseObservable().Subscribe(_ => { }, thrown => error = thrown);

        Assert.That(error, Is.TypeOf<SseResponseException>());
        Assert.That(((SseResponseException)error!).Body, Does.Not.Contain((char)CanaryPool.Canary));
    }

    /// <summary>
    /// A timer cancels the read. A callback that the body has registered must not end the process from that thread.
    /// </summary>
    [Test]
    public void IdleTimeout_RegistrationOfTheBodyThrows_FailsTheStreamAlone()
    {
        var scheduler = new HistoricalScheduler();
        using var body =
            new CarelessStream("data: a\n\n"u8.ToArray()) { GivesUpAlone = true, ThrowsWhenCancelled = true };
        Exception? error = null;
        using IDisposable subscription = body
            .ToSseObservable(new SseOptions { IdleTimeout = TimeSpan.FromSeconds(1) }, scheduler)
            .Subscribe(_ => { }, thrown => error = thrown);

        scheduler.AdvanceBy(TimeSpan.FromSeconds(2));

        Assert.That(error, Is.TypeOf<SseIdleTimeoutException>());
    }

    [Test]
    public void Read_ExceptionWithoutAMessage_FailsTheStream()
    {
        using var body = new CarelessStream([]) { Failure = new SpeechlessException() };
        Exception? error = null;

        using IDisposable subscription = body.ToSseObservable().Subscribe(_ => { }, thrown => error = thrown);

        Assert.That(error, Is.TypeOf<SseConnectionException>().With.InnerException.TypeOf<SpeechlessException>());
    }

    private sealed class SpeechlessException : IOException
    {
        public override string Message => throw new InvalidOperationException();
    }

    /// <summary>Returns its bytes in one read.</summary>
    private sealed class CarelessStream(byte[] bytes) : PortableBody
    {
        private readonly TaskCompletionSource<int> _never = new();

        private bool _hasGiven;

        /// <summary>
        /// The number of bytes that the first read claims to have written; by default the correct one.
        /// </summary>
        public int? Reported { get; init; }

        /// <summary>
        /// Whether a cancelled read only stops waiting, as with <c>WaitAsync</c>, while its inner read continues.
        /// </summary>
        public bool GivesUpAlone { get; init; }

        /// <summary>Whether the stream ends after the first read. Otherwise it stays open and silent.</summary>
        public bool Ends { get; init; }

        public bool ThrowsWhenCancelled { get; init; }

        /// <summary>What the first read throws.</summary>
        public Exception? Failure { get; init; }

        /// <summary>The array of the pending read.</summary>
        public byte[]? PendingBuffer { get; private set; }

        public override bool CanSeek => false;

        protected override ValueTask<int> ReadCoreAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            if (buffer.IsEmpty)
                return new ValueTask<int>(0);
            if (Failure is not null)
                return ValueTask.FromException<int>(Failure);
            if (_hasGiven && Ends)
                return new ValueTask<int>(0);
            if (_hasGiven)
            {
                if (ThrowsWhenCancelled)
                    cancellationToken.Register(() => throw new FormatException());
                PendingBuffer =
                    MemoryMarshal.TryGetArray(buffer, out ArraySegment<byte> segment) ? segment.Array : null;
                return new ValueTask<int>(GivesUpAlone ? _never.Task.WaitAsync(cancellationToken) : _never.Task);
            }

            _hasGiven = true;
            bytes.CopyTo(buffer.Span);
            return new ValueTask<int>(Reported ?? bytes.Length);
        }
    }
}
