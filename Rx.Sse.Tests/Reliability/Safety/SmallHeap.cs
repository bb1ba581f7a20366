using System.Net;
using System.Net.Http.Headers;
using System.Reactive.Linq;

namespace Rx.Sse.Tests.Reliability.Safety;

/// <summary>
/// An event that is allowed, but larger than what is left of the heap. Out of memory while it is decoded is an error of the stream, not of
/// the observer: it must come to OnError, and the process must go on.
/// </summary>
internal static class SmallHeap
{
    private const int EventSize = 15 * 1024 * 1024, ChunkSize = 16 * 1024;

    public static string Run(Random random, TimeSpan duration)
    {
        using var client = new HttpClient(new OneLargeEvent());
        var address = new Uri("http://localhost/");
        List<string> ways = [];
        Try("FromSse", Observable.FromSse(client, address));
        Try("FromSseSignals", Observable.FromSseSignals(client, address).OfType<SseEvent>());
        Try("ParseSse", Chunks().ToObservable().ParseSse());
        Try("ToSseObservable", Observable.Defer(() => new LargeEventStream().ToSseObservable()));

        // Without a string, the event needs memory only for its bytes, twice while their buffer grows.
        if (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes < EventSize * 3L / 2)
        {
            Try("FromSse<T>", Observable.FromSse(client, address, e => e.Data.Length));
            Try("ParseSse<T>", Chunks().ToObservable().ParseSse(e => e.Data.Length));
        }

        return $"{string.Join(", ", ways)} failed as they should";

        void Try<T>(string way, IObservable<T> stream)
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
                error?.GetBaseException() is OutOfMemoryException, $"{way} has delivered {events} events, then {error?.ToString() ?? "completed"}.");
            ways.Add(way);
        }
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
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var content = new StreamContent(new LargeEventStream());
            content.Headers.ContentType = new MediaTypeHeaderValue("text/event-stream");
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content });
        }
    }

    /// <summary>One event of letters, made as it is read.</summary>
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
            position < Start.Length ? (byte)Start[(int)position] : position < Start.Length + EventSize ? (byte)'x' : (byte)End[0];
    }
}
