using Microsoft.Win32.SafeHandles;

namespace Rx.Sse.Samples.Tail.Output;

/// <summary>
/// Standard output as a stream. Unlike that of <see cref="Console"/>, a write fails when the reader of the pipe has
/// gone.
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

            // For a file, a FileStream keeps its own position and would overwrite what the console writes.
            if (!output.CanSeek)
                return output;
        }

        return Console.OpenStandardOutput();
    }

    /// <summary>Whether the reader of the pipe has gone, as <c>head</c> does after enough lines.</summary>
    public static bool IsClosed(IOException exception) => exception.HResult == BrokenPipe;
}
