using System.Text;

namespace Rx.Sse.Benchmarks.Inputs;

/// <summary>The bytes of a stream, and the totals that a parser must report for them.</summary>
internal sealed class Input
{
    private const int DefaultSize = 4 * 1024 * 1024;

    private Input(byte[] bytes, Tally strings, Tally typed, double nonAsciiShare) =>
        (Bytes, Strings, Typed, NonAsciiShare) = (bytes, strings, typed, nonAsciiShare);

    public byte[] Bytes { get; }

    /// <summary>Gets the number of events and of UTF-16 units of data.</summary>
    public Tally Strings { get; }

    /// <summary>Gets the number of events and of bytes of data.</summary>
    public Tally Typed { get; }

    /// <summary>Gets the proportion of the data's bytes that belong to non-ASCII characters.</summary>
    public double NonAsciiShare { get; }

    public double EventSize => (double)Bytes.Length / Strings.Events;

    /// <summary>
    /// Creates an input. For a given kind and seed, the bytes are always the same, whatever other kinds exist.
    /// </summary>
    /// <param name="kind">The kind of stream.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="size">The minimum size, in bytes.</param>
    public static Input Create(Kind kind, int seed = Kinds.DefaultSeed, int size = DefaultSize)
    {
        var writer = new BlockWriter(kind, new Random(Combine(seed, kind.Name)));
        var block = new StringBuilder();
        using var bytes = new MemoryStream(size);
        Tally strings = default, typed = default;
        long nonAscii = 0;
        while (bytes.Length < size)
        {
            string data = string.Join('\n', writer.Next(block));
            byte[] utf8 = Encoding.UTF8.GetBytes(data);
            nonAscii += utf8.Count(unit => unit > 0x7F);
            strings = strings.Add(data.Length);
            typed = typed.Add(utf8.Length);
            bytes.Write(Encoding.UTF8.GetBytes(block.ToString()));
            block.Clear();
        }

        return new Input(bytes.ToArray(), strings, typed, (double)nonAscii / typed.Length);
    }

    /// <summary>Returns the bytes in chunks of this size.</summary>
    public ReadOnlyMemory<byte>[] InChunksOf(int size) =>
        [.. Enumerable.Range(0, (Bytes.Length + size - 1) / size).Select(i => ChunkAt(i * size, size))];

    private ReadOnlyMemory<byte> ChunkAt(int start, int size) =>
        Bytes.AsMemory(start, Math.Min(size, Bytes.Length - start));

    /// <summary>Returns a hash code that is the same in each process.</summary>
    private static int Combine(int seed, string name) =>
        name.Aggregate(seed, static (hash, letter) => unchecked(hash * 31 + letter));
}
