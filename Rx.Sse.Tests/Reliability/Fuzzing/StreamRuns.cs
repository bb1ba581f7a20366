using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Text;
using Rx.Sse.Testing;

namespace Rx.Sse.Tests.Reliability.Fuzzing;

/// <summary>The public ways to pass a stream to the parser, and the results of each.</summary>
internal static class StreamRuns
{
    public static List<object> Parse(HostileStream stream, GuardedMemory memory) =>
        Feed(stream, memory, source => source.ParseSse(OptionsOf(stream)));

    public static List<object> ParseTyped(HostileStream stream, GuardedMemory memory) =>
        Feed(stream, memory, source => source.ParseSse(TextOf, OptionsOf(stream)));

    private static SseOptions OptionsOf(HostileStream stream) => new() { MaxEventSize = stream.MaxEventSize };

    /// <summary>
    /// Uses a scripted connection that ends. Runs until the next connection or the given number of signals.
    /// </summary>
    public static List<object> Connect(HostileStream stream, int count = int.MaxValue)
    {
        var scheduler = new HistoricalScheduler();
        SseResponseScript script = SseTest.OpenStream();
        foreach (ReadOnlyMemory<byte> chunk in stream.Chunks())
            script = script.Send(TimeSpan.Zero, chunk.Span);
        var server = new SseTestServer(
            scheduler,
            stream.Bytes.Length % 2 == 0 ? script.Close(TimeSpan.Zero) : script.Reset(TimeSpan.Zero),
            SseTest.NeverAnswer())
        {
            RequestHeaderEncodingSelector = SseRequest.HeaderEncoding,
        };
        var options = new SseOptions
        {
            Reconnection = SseReconnection.Default with { UseJitter = false },
            MaxEventSize = stream.MaxEventSize,
        };

        List<object> seen = [];
        using HttpClient client = server.CreateClient();
        using (Observable.FromSseSignals(client, "/", options, scheduler).Take(count).Subscribe(
            signal => seen.Add(signal switch
            {
                SseConnecting connecting => $"connecting '{connecting.LastEventId}'",
                SseOpened => "opened",
                SseComment comment => new Comment(comment.Text),
                SseDisconnected disconnected => disconnected.Delay!,
                _ => signal,
            }),
            error => seen.Add(error.GetType()),
            () => seen.Add("completed")))
        {
            scheduler.AdvanceBy(TimeSpan.FromMilliseconds(int.MaxValue));
        }

        if (server.Requests.Count > 1 && !Equals(seen[^1], $"connecting '{server.Requests[1].LastEventId}'"))
            seen.Add($"sent '{server.Requests[1].LastEventId}'");
        if (server.OpenConnectionCount > 0)
            seen.Add($"{server.OpenConnectionCount} open connections");
        return seen;
    }

    private static List<object> Feed(
        HostileStream stream,
        GuardedMemory memory,
        Func<IObservable<ReadOnlyMemory<byte>>, IObservable<SseEvent>> parse)
    {
        List<object> seen = [];
        using var source = new Subject<ReadOnlyMemory<byte>>();
        using IDisposable subscription = parse(source).Subscribe(
            seen.Add, error => seen.Add(error.GetType()), () => seen.Add("completed"));
        bool atEnd = false;
        foreach (ReadOnlyMemory<byte> chunk in stream.Chunks())
        {
            Memory<byte> lent = memory.Place(chunk.Span, atEnd = !atEnd);
            try
            {
                source.OnNext(lent);
            }
            catch (Exception exception)
            {
                seen.Add(exception);
                return seen;
            }

            // Borrowed memory must not be kept.
            lent.Span.Fill((byte)'#');
        }

        source.OnCompleted();
        return seen;
    }

    private static SseEvent TextOf(SseUtf8Event e) => new()
    {
        Event = e.HasEvent ? Encoding.UTF8.GetString(e.Event) : null,
        Data = Encoding.UTF8.GetString(e.Data),
        Id = e.HasId ? Encoding.UTF8.GetString(e.Id) : null,
        Retry = e.Retry,
        LastEventId = Encoding.UTF8.GetString(e.LastEventId),
    };
}
