namespace Rx.Sse.Tests.Hostile;

/// <summary>A body that is there and goes on as it began, without a copy of it anywhere.</summary>
/// <param name="start">What comes first.</param>
/// <param name="unit">What comes again and again after that.</param>
/// <param name="length">Where it ends after all.</param>
internal sealed class EndlessStream(string start, string unit, long length = long.MaxValue) : PortableBody
{
    /// <summary>Several units, so that they need not be copied one by one.</summary>
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
