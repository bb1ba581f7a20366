using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using StackExchange.Redis;

namespace Rx.Sse.Samples.FanOut.Redis;

/// <summary>
/// A log in a Redis stream, which any number of relays share. The relay that has the lease reads the upstream.
/// The script that appends checks that lease, so that a relay which was paused and has lost it cannot append.
/// </summary>
internal sealed class RedisLog : IEventLog, IAsyncDisposable
{
    /// <summary>How many of the newest entries are kept in this process: most followers need no others.</summary>
    private const int WindowSize = 1_000;
    private const int PageSize = 256;

    /// <summary>How often the log is read without a message from Redis, because a message may get lost.</summary>
    private static readonly TimeSpan ReadInterval = TimeSpan.FromSeconds(1);

    private readonly ConnectionMultiplexer _redis;
    private readonly RedisLogStream _stream;
    private readonly Action<string> _report;
    private readonly EventWindow _window = new(WindowSize);

    private readonly SemaphoreSlim _appended = new(0);
    private readonly CancellationTokenSource _disposed = new();
    private readonly Task _tail;
    private RedisLease? _lease;

    private RedisLog(ConnectionMultiplexer redis, RedisLogStream stream, Action<string> report)
    {
        _redis = redis;
        _stream = stream;
        _report = report;
        _tail = FollowStreamAsync();
    }

    public Task Changed => _window.Changed;

    /// <param name="configuration">Where Redis is.</param>
    /// <param name="name">Relays of the same upstream have the same name.</param>
    /// <param name="length">How many events are kept.</param>
    /// <param name="leaseTime">After how long without a sign of life another relay reads the upstream.</param>
    /// <param name="report">Called with messages about the lease and the connection to Redis.</param>
    /// <exception cref="IOException">Redis cannot be reached.</exception>
    public static async Task<RedisLog> ConnectAsync(
        ConfigurationOptions configuration, string name, int length, TimeSpan leaseTime, Action<string> report)
    {
        RedisLog? log = null;
        try
        {
            ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(configuration);
            log = new RedisLog(redis, new RedisLogStream(redis.GetDatabase(), name, length, leaseTime), report);
            await redis.GetSubscriber().SubscribeAsync(
                RedisChannel.Literal(log._stream.Channel), (_, _) => log._appended.Release());
            return log;
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            if (log is not null)
                await log.DisposeAsync();

            // Most messages of the client are advice to programmers.
            string addresses = string.Join(", ", configuration.EndPoints.Select(EndPointCollection.ToString));
            throw new IOException(failure switch
            {
                RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } =>
                    $"Redis at {addresses} refuses the user or the password.",
                RedisServerException => $"{RedisRetry.Explain(failure)} ({addresses})",
                _ => $"Redis cannot be reached at {addresses}.",
            });
        }
    }

    public IObservable<SseEvent> Append(Func<string, IObservable<SseEvent>> upstream) =>
        Observable.Create<SseEvent>(async (observer, cancellation) =>
        {
            // A relay that has lost the lease tries to take it again: the one that has it may be gone tomorrow.
            while (await AppendOneTurnAsync(upstream, observer, cancellation))
                _report("This relay has lost the lease, and no longer reads the upstream.");
        })
        .TakeUntil(_disposed.Token);

    public async ValueTask<LogEntry?> ReadNewestAsync(CancellationToken cancellation) =>
        _window.Newest ?? await RedisRetry.RunAsync(_stream.ReadNewestAsync, cancellation);

    public async ValueTask<IReadOnlyList<LogEntry>?> ReadAfterAsync(string? id, CancellationToken cancellation)
    {
        if (id is not null && _window.After(id, PageSize) is { } entries)
            return entries;
        return await RedisRetry.RunAsync(() => _stream.ReadAfterAsync(id, PageSize), cancellation);
    }

    /// <summary>Lets another relay read the upstream at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync();
        if (_lease is not null)
            await _lease.DisposeAsync();
        await _tail.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _redis.CloseAsync(allowCommandsToComplete: false);
        await _redis.DisposeAsync();
    }

    /// <summary>Returns whether the turn ended because the lease was lost, not because the upstream ended.</summary>
    private async Task<bool> AppendOneTurnAsync(
        Func<string, IObservable<SseEvent>> upstream, IObserver<SseEvent> observer, CancellationToken cancellation)
    {
        await using RedisLease lease = await RedisLease.AcquireAsync(
            _stream, problem => _report($"{problem} The upstream waits."), cancellation);
        _lease = lease;
        LogEntry? newest = await RedisRetry.RunAsync(_stream.ReadNewestAsync, cancellation);
        _report("This relay reads the upstream.");
        var writer = new RedisLogWriter(_stream, lease, newest, _report, cancellation);
        await upstream(newest?.Event.LastEventId ?? "")
            .Where(writer.TryAppend)
            .Do(observer.OnNext)
            .TakeUntil(lease.Lost.ToObservable())
            .DefaultIfEmpty()
            .ToTask(cancellation);
        return lease.Lost.IsCompleted;
    }

    /// <summary>Reads each new entry once, for all followers of this process.</summary>
    private async Task FollowStreamAsync()
    {
        while (true)
        {
            string? newest = _window.Newest?.Id;
            IReadOnlyList<LogEntry>? entries = await RedisRetry.RunAsync(
                () => newest is null ? _stream.ReadLastAsync(WindowSize) : _stream.ReadAfterAsync(newest, WindowSize),
                _disposed.Token,
                problem => _report($"{problem} Followers wait."));
            if (entries is null)
            {
                // The entry is gone: this process was paused for long, or Redis has lost its newest entries.
                _window.Clear();
                continue;
            }

            foreach (LogEntry entry in entries)
                _window.Add(entry);
            if (entries.Count < WindowSize)
            {
                await _appended.WaitAsync(ReadInterval, _disposed.Token);

                // One read serves all messages that have come.
                while (_appended.Wait(TimeSpan.Zero))
                {
                }
            }
        }
    }
}
