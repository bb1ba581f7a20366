namespace Rx.Sse.Tests;

/// <summary>
/// A body for tests that override a single read method. .NET Framework has no overload that takes memory.
/// </summary>
internal abstract class PortableBody : MemoryStream
{
#if NET
    public sealed override ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ReadCoreAsync(buffer, cancellationToken);
#endif

    public sealed override Task<int> ReadAsync(
        byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadCoreAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    protected abstract ValueTask<int> ReadCoreAsync(Memory<byte> buffer, CancellationToken cancellationToken);
}
