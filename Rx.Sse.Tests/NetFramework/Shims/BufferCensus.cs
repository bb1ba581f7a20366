namespace Rx.Sse.Tests;

/// <summary>
/// Counts the arrays that a test rents from the shared array pool, on any thread, and those that are returned. Mono has
/// no event sources, so the shared pool is replaced by one that counts.
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

    /// <summary>The number of arrays rented so far.</summary>
    public int Rented { get; private set; }

    public int Outstanding => _out.Count;

    /// <summary>The total size of the arrays that are rented now.</summary>
    public long Bytes { get; private set; }

    /// <summary>The peak of <see cref="Bytes"/>.</summary>
    public long MostBytes { get; private set; }

    /// <summary>Counts an array that the current test has rented, and returns its census.</summary>
    public static BufferCensus? Add(byte[] array)
    {
        BufferCensus? census = Current.Value;
        census?.AddOwn(array);
        return census;
    }

    /// <summary>Stops counting an array that was returned, or is not meant to be.</summary>
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
