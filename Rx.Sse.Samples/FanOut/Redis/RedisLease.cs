namespace Rx.Sse.Samples.FanOut.Redis;

/// <summary>
/// The right of one relay to append, until it is disposed of or is not renewed in time. Redis decides whose it is.
/// </summary>
internal sealed class RedisLease : IAsyncDisposable
{
    /// <summary>How long Redis may take to release a lease. Otherwise the lease runs out.</summary>
    private static readonly TimeSpan ReleaseTime = TimeSpan.FromSeconds(1);

    private readonly RedisLogStream _stream;
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _disposed = new();
    private readonly Task _renewal;

    private RedisLease(RedisLogStream stream, string owner)
    {
        _stream = stream;
        Owner = owner;
        _renewal = RenewAsync();
    }

    /// <summary>Unique to this lease, and tells a reader of the key whose it is.</summary>
    public string Owner { get; }

    /// <summary>Completes when it is over.</summary>
    public Task Lost => _lost.Task;

    /// <summary>Waits until it is free.</summary>
    public static async Task<RedisLease> AcquireAsync(
        RedisLogStream stream, Action<string> report, CancellationToken cancellation)
    {
        string owner = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}";
        while (!await RedisRetry.RunAsync(() => stream.TakeLeaseAsync(owner), cancellation, report))
            await Task.Delay(stream.LeaseInterval, cancellation);
        return new RedisLease(stream, owner);
    }

    /// <summary>Ends it, because Redis has refused to append.</summary>
    public void SetLost() => _lost.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        SetLost();
        await _disposed.CancelAsync();
        await _renewal.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // The next relay need not wait.
        await _stream.ReleaseLeaseAsync(Owner)
            .WaitAsync(ReleaseTime)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RenewAsync()
    {
        do
            await Task.Delay(_stream.LeaseInterval, _disposed.Token);
        while (await RedisRetry.RunAsync(() => _stream.RenewLeaseAsync(Owner), _disposed.Token));
        _lost.TrySetResult();
    }
}
