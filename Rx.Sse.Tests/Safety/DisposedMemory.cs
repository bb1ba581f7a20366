using System.Buffers;

namespace Rx.Sse.Tests.Safety;

/// <summary>The memory of a buffer whose owner has disposed of it.</summary>
internal sealed class DisposedMemory : MemoryManager<byte>
{
    public override Memory<byte> Memory => CreateMemory(10);

    public override Span<byte> GetSpan() => throw new ObjectDisposedException(nameof(DisposedMemory));

    public override MemoryHandle Pin(int elementIndex = 0) => throw new ObjectDisposedException(nameof(DisposedMemory));

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
