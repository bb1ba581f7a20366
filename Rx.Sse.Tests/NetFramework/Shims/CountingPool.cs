using System.Buffers;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Rx.Sse.Tests;

/// <summary>A shared array pool that reports rented and returned arrays to a <see cref="BufferCensus"/>.</summary>
internal sealed class CountingPool : ArrayPool<byte>
{
    private static readonly CountingPool Instance = new();

    private readonly ArrayPool<byte> _inner = Shared;

    private readonly ConditionalWeakTable<byte[], BufferCensus> _counted = new();

    static CountingPool() =>
        typeof(ArrayPool<byte>).GetField("s_sharedInstance", BindingFlags.Static | BindingFlags.NonPublic)!
            .SetValue(null, Instance);

    /// <summary>Replaces the shared pool, unless it has been replaced already.</summary>
    public static void Install() => RuntimeHelpers.RunClassConstructor(typeof(CountingPool).TypeHandle);

    public override byte[] Rent(int minimumLength)
    {
        byte[] array = _inner.Rent(minimumLength);
        if (array.Length > 0 && BufferCensus.Add(array) is { } census)
            _counted.Add(array, census);
        return array;
    }

    public override void Return(byte[] array, bool clearArray = false)
    {
        if (array is not null && _counted.TryGetValue(array, out BufferCensus? census))
        {
            _counted.Remove(array);
            census.Forget(array);
        }

        _inner.Return(array!, clearArray);
    }
}
