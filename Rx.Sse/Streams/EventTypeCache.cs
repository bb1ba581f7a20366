using System.Runtime.CompilerServices;
using Rx.Sse.Parsing;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Rx.Sse.Streams;

/// <summary>
/// Caches the event types of a stream as strings, because most streams repeat a few types. Nothing is shared between
/// streams. A mutable struct: store it in a field, and never copy it.
/// </summary>
internal struct EventTypeCache
{
    /// <summary>The initial capacity. Most streams have fewer types, and idle ones should hold little memory.</summary>
    private const int SmallestCapacity = 8;

    /// <summary>The maximum capacity. A stream with more types decodes some again. Both are powers of two.</summary>
    private const int LargestCapacity = 64;

    /// <summary>The number of adjacent entries that are searched for a type.</summary>
    private const int ProbeLength = 4;

    /// <summary>The maximum length of a cached type. A longer one is unlikely to be repeated.</summary>
    private const int LongestType = 64;

    /// <summary>The last entry that was found. The next type is often the same.</summary>
    private Entry? _last;

    /// <summary>Created with the first event that has a type.</summary>
    private Entry?[]? _entries;

    public string Get(ReadOnlySpan<byte> utf8) =>
        _last is { } last && utf8.SequenceEqual(last.Utf8) ? last.Text : Find(utf8);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private string Find(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 0 or > LongestType)
            return Utf8Decoder.Decode(utf8);

        Entry?[] entries = _entries ??= new Entry?[SmallestCapacity];
        int place = PlaceOf(utf8);
        for (int i = 0; i < ProbeLength; i++)
        {
            ref Entry? entry = ref entries[(place + i) & (entries.Length - 1)];
            if (entry is null)
                return Add(utf8, ref entry);
            if (utf8.SequenceEqual(entry.Utf8))
            {
                _last = entry;
                return entry.Text;
            }
        }

        if (entries.Length == LargestCapacity)
            return Add(utf8, ref entries[place & (LargestCapacity - 1)]);

        // The entries are not copied: their types are decoded again.
        _entries = new Entry?[2 * entries.Length];
        return Find(utf8);
    }

    private string Add(ReadOnlySpan<byte> utf8, ref Entry? entry)
    {
        // The text is that of the copy: the bytes may be a caller's buffer that another thread overwrites.
        byte[] copy = utf8.ToArray();
        _last = entry = new Entry(copy, Utf8Decoder.Decode(copy));
        return entry.Text;
    }

    /// <summary>
    /// Computes the place from the length and both ends. Names of one API often begin alike or end alike, but rarely
    /// both with the same length.
    /// </summary>
    private static int PlaceOf(ReadOnlySpan<byte> utf8)
    {
        ulong head, tail;
        if (utf8.Length >= sizeof(ulong))
            (head, tail) = (ReadUInt64LittleEndian(utf8), ReadUInt64LittleEndian(utf8[^sizeof(ulong)..]));
        else if (utf8.Length >= sizeof(uint))
            (head, tail) = (ReadUInt32LittleEndian(utf8), ReadUInt32LittleEndian(utf8[^sizeof(uint)..]));
        else
            (head, tail) = (utf8[0], (uint)utf8[^1] << 8 | utf8[utf8.Length / 2]);

        ulong mixed = (head * 0x9E3779B97F4A7C15 ^ tail + (uint)utf8.Length) * 0xC2B2AE3D27D4EB4F;
        return (int)(mixed >> 58);
    }

    private sealed record Entry(byte[] Utf8, string Text);
}
