using System.Buffers;
using System.Runtime.InteropServices;

namespace Rx.Sse.Tests.Reliability.Fuzzing;

/// <summary>
/// Memory between two inaccessible pages: reading a byte before the start or after the end of a chunk ends the process.
/// This works on Linux; elsewhere it is ordinary memory.
/// </summary>
internal sealed unsafe class GuardedMemory : MemoryManager<byte>
{
    private const int Size = 1024 * 1024;
    private const int ReadAndWrite = 1 | 2;
    private const int PrivateAndAnonymous = 0x02 | 0x20;

    private static readonly int Guard = Environment.SystemPageSize;

    private readonly nint _region;

    public GuardedMemory()
    {
        if (!OperatingSystem.IsLinux())
            return;
        _region = Map(0, Size + 2 * Guard, 0, PrivateAndAnonymous, -1, 0);
        if (_region == -1 || Protect(_region + Guard, Size, ReadAndWrite) != 0)
            throw new InvalidOperationException("There is no memory with guards around it.");
    }

    private bool HasGuards => _region != 0;

    /// <summary>Copies the bytes, with nothing after or nothing before the copy. The next call overwrites it.</summary>
    public Memory<byte> Place(ReadOnlySpan<byte> bytes, bool atEnd)
    {
        if (!HasGuards || bytes.Length > Size)
            return bytes.ToArray();
        Memory<byte> place = Memory.Slice(atEnd ? Size - bytes.Length : 0, bytes.Length);
        bytes.CopyTo(place.Span);
        return place;
    }

    public override Span<byte> GetSpan() => new((byte*)_region + Guard, Size);

    public override MemoryHandle Pin(int elementIndex = 0) => new((byte*)_region + Guard + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (HasGuards)
            _ = Unmap(_region, Size + 2 * Guard);
    }

    [DllImport("libc", EntryPoint = "mmap")]
    private static extern nint Map(nint address, nint length, int protection, int flags, int file, nint offset);

    [DllImport("libc", EntryPoint = "mprotect")]
    private static extern int Protect(nint address, nint length, int protection);

    [DllImport("libc", EntryPoint = "munmap")]
    private static extern int Unmap(nint address, nint length);
}
