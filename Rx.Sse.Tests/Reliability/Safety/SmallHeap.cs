using System.Net;
using System.Net.Http.Headers;
using System.Reactive.Linq;

namespace Rx.Sse.Tests.Reliability.Safety;

/// <summary>
/// An event that is allowed, but larger than the free heap. Running out of memory while it is decoded is an error of
/// the stream, not of the observer: OnError must receive it, and the process must continue.
/// </summary>
internal static class SmallHeap
{
    private const int EventSize = 15 * 1024 * 1024, ChunkSize = 16 * 1024;

    /// <summary>
    /// The ways to read a stream. Each needs a separate process, because the array pool keeps what the previous one has
    /// used.
    /// </summary>
    public static Dictionary<string, Func<string>> Ways { get; } = new()
    {
        ["FromSse"] = () => Try(Observable.FromSse(Client(), Address)),
        ["FromSse<T>"] = () => Try(Observable.FromSse(Client(), Address, e => e.Data.Length)),
        ["FromSseSignals"] = () => Try(Observable.FromSseSignals(Client(), Address).OfType<SseEvent>()),
        ["ParseSse"] = () => Try(Chunks().ToObservable().ParseSse()),
        ["ParseSse<T>"] = () => Try(Chunks().ToObservable().ParseSse(e => e.Data.Length)),
        ["ToSseObservable"] = () => Try(Observable.Defer(() => new LargeEventStream().ToSseObservable())),
    };

    private static Uri Address => new("http://localhost/");

    private static HttpClient Client() => new(new OneLargeEvent());

    private static string Try<T>(IObservable<T> stream)
    {
        Exception? error = null;
        int events = 0;
        using var ended = new ManualResetEventSlim();
        using IDisposable subscription = stream.Take(1).Subscribe(
            _ => events++,
            thrown =>
            {
                error = thrown;
                ended.Set();
            },
            ended.Set);
        ended.Wait();
        WrongResultException.ThrowUnless(
            error?.GetBaseException() is OutOfMemoryException,
            $"{events} events, then {error?.ToString() ?? "completed"}.");
        return $"failed with {error!.GetType().Name}";
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Chunks()
    {
        using var stream = new LargeEventStream();
        byte[] buffer = new byte[ChunkSize];
        while (stream.Read(buffer, 0, buffer.Length) is > 0 and int count)
            yield return buffer.AsMemory(0, count);
    }

    private sealed class OneLargeEvent : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var content = new StreamContent(new LargeEventStream());
            content.Headers.ContentType = new MediaTypeHeaderValue("text/event-stream");
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content });
        }
    }

    /// <summary>One event of letters, generated as it is read.</summary>
    private sealed class LargeEventStream : Stream
    {
        private const string Start = "data: ", End = "\n\n";

        private long _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => Start.Length + EventSize + End.Length;

        public override long Position
        {
            get => _position;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            count = (int)Math.Min(count, Length - _position);
            for (int i = 0; i < count; i++, _position++)
                buffer[offset + i] = ByteAt(_position);
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private static byte ByteAt(long position) =>
            position < Start.Length ? (byte)Start[(int)position]
            : position < Start.Length + EventSize ? (byte)'x'
            : (byte)End[0];
    }
}
