using Microsoft.Win32.SafeHandles;

namespace Rx.Sse.Samples.Tail.Output;

/// <summary>
/// Standard output, for bytes. Unlike <see cref="Console"/>, it fails when the reader of the pipe has gone.
/// </summary>
internal static class StandardOutput
{
    private const int Descriptor = 1;

    /// <summary>EPIPE, which has this number on every Unix.</summary>
    private const int BrokenPipe = 32;

    public static Stream Open()
    {
        if (!OperatingSystem.IsWindows())
        {
            var output = new FileStream(
                new SafeFileHandle(Descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);

            // In a file, it would keep a separate position, and overwrite what the console writes.
            if (!output.CanSeek)
                return output;
        }

        return Console.OpenStandardOutput();
    }

    /// <summary>Whether the reader has gone, as <c>head</c> does when it has enough.</summary>
    public static bool IsClosed(IOException exception) => exception.HResult == BrokenPipe;
}
