#if !NET
using System.Buffers;
using System.Runtime.InteropServices;

namespace Rx.Sse.Http;

/// <summary>The overloads of newer frameworks, for netstandard2.0.</summary>
internal static class PortableStream
{
    public static Task<Stream> ReadAsStreamAsync(this HttpContent content, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return content.ReadAsStreamAsync();
    }

    /// <summary>Closes the stream on cancellation, since .NET Framework's response streams don't heed the token.</summary>
    public static async ValueTask<int> ReadAsync(this Stream stream, Memory<byte> buffer, CancellationToken cancellation)
    {
        MemoryMarshal.TryGetArray(buffer, out ArraySegment<byte> segment);
        using (cancellation.Register(static state => Close((Stream)state!), stream))
            return await stream.ReadAsync(segment.Array!, segment.Offset, segment.Count, cancellation).ConfigureAwait(false);
    }

    private static void Close(Stream stream)
    {
        try
        {
            stream.Dispose();
        }
        catch (Exception)
        {
            // The read that is pending tells what there is to tell.
        }
    }
}
#endif
