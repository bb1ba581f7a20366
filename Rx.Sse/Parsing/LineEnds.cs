#if NET
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
#endif

namespace Rx.Sse.Parsing;

/// <summary>
/// The positions of all CR and LF in a chunk, in order. Looks at 64 bytes at a time and keeps what it found there as bits, so that
/// short lines, which are usual, cost a few instructions each instead of a search.
/// </summary>
internal ref struct LineEnds
{
    /// <summary>As many bytes as are looked at together; an input has no fewer.</summary>
    public const int SmallestInput = 64;
#if NET
    private readonly ref byte _input;
    private readonly int _length;

    /// <summary>Where the bits begin.</summary>
    private int _window;

    /// <summary>A bit for each byte from there that ends a line and has not been reported.</summary>
    private ulong _bits;

    public LineEnds(ReadOnlySpan<byte> input)
    {
        _input = ref MemoryMarshal.GetReference(input);
        _length = input.Length;
        _bits = Find(ref _input);
    }

    /// <summary>How far it has looked.</summary>
    public readonly int Position => Math.Min(_window + SmallestInput, _length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryNext(out int index)
    {
        while (_bits == 0)
        {
            if (!TryMove())
            {
                index = 0;
                return false;
            }
        }

        index = _window + BitOperations.TrailingZeroCount(_bits);
        _bits &= _bits - 1;
        return true;
    }

    /// <summary>
    /// Looks anew from the start of a line. Where lines have various lengths of less than 64 bytes, what it then sees is nearly always one line's
    /// end, whereas what is left of the bits is a line end or none as it happens, which no processor foresees.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MoveTo(int start)
    {
        if (start > _length - SmallestInput)
            return;
        Work.Add(SmallestInput);
        _bits = Find(ref Unsafe.Add(ref _input, start));
        _window = start;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryMove()
    {
        int next = _window + SmallestInput;
        if (next >= _length)
            return false;

        // The last bytes are looked at together with some before, which are then shifted out.
        int start = Math.Min(next, _length - SmallestInput);
        _bits = Find(ref Unsafe.Add(ref _input, start)) >> (next - start);
        _window = next;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Find(ref byte start)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<byte> bytes = Vector512.LoadUnsafe(ref start);
            return (Vector512.Equals(bytes, Vector512.Create((byte)'\n')) | Vector512.Equals(bytes, Vector512.Create((byte)'\r'))).ExtractMostSignificantBits();
        }

        if (Vector256.IsHardwareAccelerated)
            return Find256(ref start) | (ulong)Find256(ref Unsafe.Add(ref start, 32)) << 32;

        return Find128(ref start) | (ulong)Find128(ref Unsafe.Add(ref start, 16)) << 16
            | (ulong)Find128(ref Unsafe.Add(ref start, 32)) << 32 | (ulong)Find128(ref Unsafe.Add(ref start, 48)) << 48;
    }

    private static uint Find256(ref byte start)
    {
        Vector256<byte> bytes = Vector256.LoadUnsafe(ref start);
        return (Vector256.Equals(bytes, Vector256.Create((byte)'\n')) | Vector256.Equals(bytes, Vector256.Create((byte)'\r'))).ExtractMostSignificantBits();
    }

    private static uint Find128(ref byte start)
    {
        Vector128<byte> bytes = Vector128.LoadUnsafe(ref start);
        return (Vector128.Equals(bytes, Vector128.Create((byte)'\n')) | Vector128.Equals(bytes, Vector128.Create((byte)'\r'))).ExtractMostSignificantBits();
    }
#else
    private readonly ReadOnlySpan<byte> _input;

    /// <summary>Where to go on looking.</summary>
    private int _start;

    public LineEnds(ReadOnlySpan<byte> input)
    {
        _input = input;
        _start = 0;
    }

    /// <summary>How far it has looked.</summary>
    public readonly int Position => _start;

    public bool TryNext(out int index)
    {
        int found = _input[_start..].IndexOfAny((byte)'\r', (byte)'\n');
        index = _start + found;
        _start = index + 1;
        return found >= 0;
    }

    public void MoveTo(int start) => _start = start;
#endif
}
