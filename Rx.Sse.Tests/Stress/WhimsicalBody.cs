using System.Runtime.InteropServices;
using System.Text;

namespace Rx.Sse.Tests.Stress;

/// <summary>
/// The body of one of <see cref="WhimsicalServer"/>'s responses. Its reads complete at once, later on another thread,
/// or never.
/// </summary>
internal sealed class WhimsicalBody(Whim whim, WhimsicalServer server) : PortableBody
{
    private readonly Queue<string> _chunks = new(whim.Body);

    private ReadOnlyMemory<byte> _chunk;

    private int _readers;
    private int _isClosed;

    protected override async ValueTask<int> ReadCoreAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _readers) > 1)
            server.Faults.Enqueue("two reads at once");
        try
        {
            return await NextAsync(buffer, cancellationToken);
        }
        catch (Exception) when (MemoryMarshal.TryGetArray(buffer, out ArraySegment<byte> segment))
        {
            server.FailedReads.Enqueue(segment.Array!);
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _readers);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
            server.Open.Decrement();
        base.Dispose(disposing);
    }

    private async ValueTask<int> NextAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_isClosed == 1, this);
        cancellation.ThrowIfCancellationRequested();
        while (_chunk.IsEmpty && _chunks.TryDequeue(out string? text))
        {
            if (text.Length == 0)
                await Task.Yield();
            _chunk = Encoding.UTF8.GetBytes(text);
        }

        if (_chunk.IsEmpty && whim.End == WhimEnd.Stall)
            await Task.Delay(Timeout.Infinite, cancellation);
        if (_chunk.IsEmpty && whim.End == WhimEnd.Break)
            throw new IOException("reset");
        int count = Math.Min(buffer.Length, _chunk.Length);
        _chunk[..count].CopyTo(buffer);
        _chunk = _chunk[count..];
        return count;
    }
}
