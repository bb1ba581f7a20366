using System.Buffers;
using System.Diagnostics.Tracing;

namespace Rx.Sse.Tests;

/// <summary>
/// Counts the arrays that a test rents from the shared array pools, on any thread, and those that are returned. The
/// counts come from the pools' event source. Other code that rents arrays meanwhile, such as the test platform, is not
/// counted, because it does not run in the test's execution context.
/// </summary>
internal sealed class BufferCensus : EventListener
{
    private const string Pools = "System.Buffers.ArrayPoolEventSource";
    private const int RentedEvent = 1;
    private const int ReturnedEvent = 3;

    private static readonly AsyncLocal<BufferCensus?> Current = new();

    private readonly Lock _lock = new();

    /// <summary>
    /// The rented arrays, by the pools' number for them and their size. The number is a hash code, so two arrays can
    /// have the same one.
    /// </summary>
    private readonly Dictionary<(int Number, int Size), int> _out = [];

    public BufferCensus()
    {
        Current.Value = this;

        // The event source does not exist before the first rental.
        ArrayPool<byte>.Shared.Return(ArrayPool<byte>.Shared.Rent(1));
        EnableEvents(EventSource.GetSources().Single(source => source.Name == Pools), EventLevel.Verbose);
    }

    /// <summary>The number of arrays rented so far.</summary>
    public int Rented { get; private set; }

    public int Outstanding { get; private set; }

    /// <summary>The total size of the arrays that are rented now.</summary>
    public long Bytes { get; private set; }

    /// <summary>The peak of <see cref="Bytes"/>.</summary>
    public long MostBytes { get; private set; }

    /// <summary>Stops counting an array that is not meant to be returned.</summary>
    public void Forget(byte[] array)
    {
        // The pools use an array's hash code as its number.
        (int, int) key = (array.GetHashCode(), array.Length);
        lock (_lock)
        {
            if (_out.GetValueOrDefault(key) is > 0 and var count)
                Count(key, count - 1, -array.Length);
        }
    }

    public override void Dispose()
    {
        Current.Value = null;
        base.Dispose();
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventId is not (RentedEvent or ReturnedEvent))
            return;

        int size = (int)eventData.Payload![1]!;
        (int, int) array = ((int)eventData.Payload[0]!, size);
        lock (_lock)
        {
            int count = _out.GetValueOrDefault(array);
            if (eventData.EventId == RentedEvent && Current.Value == this)
                Count(array, count + 1, size);
            else if (eventData.EventId == ReturnedEvent && count > 0)
                Count(array, count - 1, -size);
        }
    }

    private void Count((int, int) array, int count, int size)
    {
        if (count == 0)
            _out.Remove(array);
        else
            _out[array] = count;
        Rented += Math.Max(0, Math.Sign(size));
        Outstanding += Math.Sign(size);
        Bytes += size;
        MostBytes = Math.Max(MostBytes, Bytes);
    }
}
