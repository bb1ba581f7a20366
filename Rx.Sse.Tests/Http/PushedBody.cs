using System.Text;
using System.Threading.Tasks.Sources;
using Rx.Sse.Scheduling;

namespace Rx.Sse.Tests.Http;

/// <summary>
/// A body whose bytes are pushed by a test. A pending read completes on the pushing thread, and allocates nothing.
/// </summary>
internal class PushedBody : PortableBody, IValueTaskSource<int>
{
    private ManualResetValueTaskSourceCore<int> _read;

    private ReadOnlyMemory<byte> _bytes;

    private Memory<byte> _buffer;

    private bool _hasEnded;

    private int _pending = -1, _readingThread;

    /// <summary>What an empty read does; null if it waits for bytes.</summary>
    public Func<ValueTask<int>>? EmptyRead { get; init; }

    /// <summary>The number of empty reads so far.</summary>
    public int EmptyReads { get; private set; }

    /// <summary>The size of the pending read; null if there is none.</summary>
    public int? Pending
    {
        get => Volatile.Read(ref _pending) is >= 0 and var size ? size : null;
        private set => Volatile.Write(ref _pending, value ?? -1);
    }

    private bool IsReadOnThisThread => Pending is not null && _readingThread == Environment.CurrentManagedThreadId;

    /// <summary>
    /// Pushes the text until the reader runs on this thread: each further push then delivers before it returns. The
    /// thread that has read so far may still be about to await its read. If so, it would run at the same time.
    /// </summary>
    public void MoveReaderHere(string text)
    {
        for (var spinner = default(SpinWait); !IsReadOnThisThread; spinner.SpinOnce())
        {
            Push(text);
            WaitForRead();
        }
    }

    public void WaitForRead()
    {
        if (!SpinWait.SpinUntil(() => Pending is not null, TimeSpan.FromSeconds(30)))
            throw new TimeoutException("Nothing reads.");
    }

    public void Push(string text) => Push(Encoding.UTF8.GetBytes(text));

    public void Push(ReadOnlyMemory<byte> bytes)
    {
        if (!_bytes.IsEmpty)
            throw new InvalidOperationException("The bytes of the previous push have not been read.");
        _bytes = bytes;
        if (Pending is null)
            return;
        Pending = null;

        // A task continues inline only without a synchronization context, as on network threads.
        using (NoSynchronizationContext.Enter())
            _read.SetResult(Take(_buffer.Span));
    }

    public void End()
    {
        _hasEnded = true;
        Push(default(ReadOnlyMemory<byte>));
    }

    protected override ValueTask<int> ReadCoreAsync(Memory<byte> buffer, CancellationToken cancellationToken)
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
        _readingThread = Environment.CurrentManagedThreadId;
        Pending = buffer.Length;
        return new ValueTask<int>(this, _read.Version);
    }

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
