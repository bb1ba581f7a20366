namespace Rx.Sse.Http;

/// <summary>Reading a body in one way on all frameworks.</summary>
internal static class PortableStream
{
#if NET
    public static ValueTask<int> ReadBytesAsync(this Stream stream, byte[] buffer, int offset, int count, CancellationToken cancellation) =>
        stream.ReadAsync(buffer.AsMemory(offset, count), cancellation);
#else
    public static Task<Stream> ReadAsStreamAsync(this HttpContent content, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return content.ReadAsStreamAsync();
    }

    /// <summary>Closes the stream on cancellation, because .NET Framework's response streams ignore the token.</summary>
    public static async ValueTask<int> ReadBytesAsync(
        this Stream stream, byte[] buffer, int offset, int count, CancellationToken cancellation)
    {
        using (cancellation.Register(static state => Close((Stream)state!), stream))
            return await stream.ReadAsync(buffer, offset, count, cancellation).ConfigureAwait(false);
    }

    private static void Close(Stream stream)
    {
        try
        {
            stream.Dispose();
        }
        catch (Exception)
        {
            // The pending read reports what happened.
        }
    }
#endif
}
