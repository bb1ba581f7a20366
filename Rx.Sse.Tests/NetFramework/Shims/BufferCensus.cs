namespace Rx.Sse.Tests;

/// <summary>
/// Counts what a test rents from the shared array pool, on whatever thread, and what comes back. Mono has no event
/// sources, so the shared pool is replaced by one that counts.
/// </summary>
internal sealed class BufferCensus : IDisposable
{
    private static readonly AsyncLocal<BufferCensus?> Current = new();

    private readonly Lock _lock = new();
    private readonly HashSet<byte[]> _out = [];

    public BufferCensus()
    {
        CountingPool.Install();
        Current.Value = this;
    }

    /// <summary>How many there have been.</summary>
    public int Rented { get; private set; }

    public int Outstanding => _out.Count;

    /// <summary>What is out now.</summary>
    public long Bytes { get; private set; }

    /// <summary>The most that was out at the same time.</summary>
    public long MostBytes { get; private set; }

    /// <summary>Notes an array that the current test has rented, and returns its census.</summary>
    public static BufferCensus? Add(byte[] array)
    {
        BufferCensus? census = Current.Value;
        census?.AddOwn(array);
        return census;
    }

    /// <summary>Takes an array off the list that has come back, or is not meant to.</summary>
    public void Forget(byte[] array)
    {
        lock (_lock)
        {
            if (_out.Remove(array))
                Bytes -= array.Length;
        }
    }

    public void Dispose() => Current.Value = null;

    private void AddOwn(byte[] array)
    {
        lock (_lock)
        {
            _out.Add(array);
            Rented++;
            Bytes += array.Length;
            MostBytes = Math.Max(MostBytes, Bytes);
        }
    }
}
