using System.Text;
using System.Threading.Tasks.Sources;

namespace Rx.Sse.Tests.Http;

/// <summary>A body whose bytes a test pushes. A read waits for them on the pushing thread, and allocates nothing.</summary>
internal sealed class PushedBody : MemoryStream, IValueTaskSource<int>
{
    private ManualResetValueTaskSourceCore<int> _read;

    private ReadOnlyMemory<byte> _bytes;

    private Memory<byte> _buffer;

    private bool _hasEnded;

    /// <summary>What an empty read does; null if it waits for bytes.</summary>
    public Func<ValueTask<int>>? EmptyRead { get; init; }

    /// <summary>How many empty reads there have been.</summary>
    public int EmptyReads { get; private set; }

    /// <summary>The size of the read that is pending; null if none is.</summary>
    public int? Pending { get; private set; }

    public void Push(string text) => Push(Encoding.UTF8.GetBytes(text));

    public void Push(ReadOnlyMemory<byte> bytes)
    {
        if (!_bytes.IsEmpty)
            throw new InvalidOperationException("Nobody has read what was pushed before.");
        _bytes = bytes;
        if (Pending is null)
            return;
        Pending = null;
        _read.SetResult(Take(_buffer.Span));
    }

    /// <summary>Ends the body.</summary>
    public void End()
    {
        _hasEnded = true;
        Push(default(ReadOnlyMemory<byte>));
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            EmptyReads++;
            if (EmptyRead is not null)
                return EmptyRead();
        }

        if (!_bytes.IsEmpty || _hasEnded)
            return new ValueTask<int>(Take(buffer.Span));

        _read.Reset();
        _buffer = buffer;
        Pending = buffer.Length;
        return new ValueTask<int>(this, _read.Version);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    int IValueTaskSource<int>.GetResult(short token) => _read.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);

    private int Take(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, _bytes.Length);
        _bytes.Span[..count].CopyTo(buffer);
        _bytes = _bytes[count..];
        return count;
    }
}
