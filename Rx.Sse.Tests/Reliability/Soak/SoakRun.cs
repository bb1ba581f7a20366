using Polly;
using Rx.Sse.Tests.Reliability.Proxy;
using Rx.Sse.Tests.Reliability.Replay;

namespace Rx.Sse.Tests.Reliability.Soak;

/// <summary>
/// Streams that run until they are disposed of. Every fourth uses HTTP/2, and each has its own proxy with faults.
/// </summary>
internal sealed class SoakRun : IAsyncDisposable
{
    /// <summary>A fault after 35 events on average.</summary>
    private const int MaxEventsToFault = 70;

    private const int MaxEventsPerResponse = 200;

    /// <summary>About thirty events per second on each stream.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>The default policy with shorter delays, and with a limit for either kind of silence.</summary>
    private static readonly SseOptions Options = new()
    {
        IdleTimeout = TimeSpan.FromSeconds(2),
        Reconnection = SseReconnection.Default with
        {
            Delay = TimeSpan.FromMilliseconds(100),
            MaxDelay = TimeSpan.FromSeconds(2),
            ConfigureAttempt = builder => builder.AddTimeout(TimeSpan.FromSeconds(5)),
        },
    };

    private readonly ReplayServer _server;
    private readonly int _seed;
    private readonly List<FaultyStream> _streams = [];

    private SoakRun(ReplayServer server, int seed, FaultCounts counts) =>
        (_server, _seed, Counts) = (server, seed, counts);

    public FaultCounts Counts { get; }

    public IEnumerable<SequenceChecker> Sequences => _streams.Select(stream => stream.Sequence);

    /// <summary>How streams have ended. None of them should end.</summary>
    public IEnumerable<string> Ends => _streams
        .Where(stream => stream.Completion.IsCompleted)
        .Select(stream => stream.Completion.Exception?.InnerException?.ToString() ?? "It completed.");

    /// <summary>Starts the server.</summary>
    public static async Task<SoakRun> StartAsync(SoakOptions options)
    {
        var counts = new FaultCounts();
        var log = new ReplayLog(options.Seed)
        {
            MaxEventsPerResponse = MaxEventsPerResponse,
            Pause = Pause,
            Ends = counts.Ends,
        };
        return new SoakRun(await ReplayServer.StartAsync(log), options.Seed, counts);
    }

    public void OpenStreams(int count)
    {
        for (int i = 0; i < count; i++)
            _streams.Add(
                new FaultyStream(
                    _server, FaultPlans.Random(_seed + i, MaxEventsToFault), http2: i % 4 == 3, Options, Counts));
    }

    /// <summary>Returns how many streams get no further event in the given time.</summary>
    public async Task<int> CountStuckAsync(TimeSpan time)
    {
        long[] before = [.. Sequences.Select(sequence => sequence.Received)];
        long end = Environment.TickCount64 + (long)time.TotalMilliseconds;
        while (true)
        {
            int stuck = Sequences.Zip(before).Count(pair => pair.First.Received == pair.Second);
            if (stuck == 0 || Environment.TickCount64 > end)
                return stuck;
            await Task.Delay(Pause);
        }
    }

    public async Task CloseStreamsAsync() =>
        await Task.WhenAll(_streams.Select(stream => stream.DisposeAsync().AsTask()));

    public async ValueTask DisposeAsync()
    {
        await CloseStreamsAsync();
        await _server.DisposeAsync();
    }
}
