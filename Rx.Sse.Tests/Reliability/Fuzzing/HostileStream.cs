namespace Rx.Sse.Tests.Reliability.Fuzzing;

/// <summary>Bytes that claim to be an event stream, how they are cut, and the limit on the size of an event.</summary>
/// <param name="Bytes">The bytes of the whole stream.</param>
/// <param name="ChunkSizes">The sizes of the chunks, which are repeated as needed. A size can be zero.</param>
/// <param name="MaxEventSize">The limit.</param>
internal sealed record HostileStream(byte[] Bytes, int[] ChunkSizes, int MaxEventSize)
{
    public IEnumerable<ReadOnlyMemory<byte>> Chunks()
    {
        int start = 0;
        for (int i = 0; start < Bytes.Length; i++)
        {
            int size = Math.Min(ChunkSizes[i % ChunkSizes.Length], Bytes.Length - start);
            yield return Bytes.AsMemory(start, size);
            start += size;
        }
    }

    public override string ToString() =>
        $"{Bytes.Length} bytes in chunks of {string.Join(", ", ChunkSizes)}, at most {MaxEventSize} an event: "
            + $"{Convert.ToHexString(Bytes)}";
}
