namespace Rx.Sse.Tests.Hostile;

/// <summary>A body that is available at once and repeats itself endlessly, without being held in memory.</summary>
/// <param name="start">The beginning.</param>
/// <param name="unit">What is repeated after the beginning.</param>
/// <param name="length">The length after which the stream ends.</param>
internal sealed class EndlessStream(string start, string unit, long length = long.MaxValue) : PortableBody
{
    /// <summary>Several units, so that they need not be copied one at a time.</summary>
    private readonly byte[] _units = System.Text.Encoding.UTF8.GetBytes(
        string.Concat(Enumerable.Repeat(unit, Math.Max(1, 4096 / unit.Length))));

    private ReadOnlyMemory<byte> _next = System.Text.Encoding.UTF8.GetBytes(start);

    public long Sent { get; private set; }

    protected override ValueTask<int> ReadCoreAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        new(Fill(buffer.Span));

    private int Fill(Span<byte> buffer)
    {
        int filled = 0;
        while (filled < buffer.Length && Sent < length)
        {
            if (_next.IsEmpty)
                _next = _units;
            int count = (int)Math.Min(Math.Min(_next.Length, buffer.Length - filled), length - Sent);
            _next.Span[..count].CopyTo(buffer[filled..]);
            _next = _next[count..];
            filled += count;
            Sent += count;
        }

        return filled;
    }
}
