namespace Rx.Sse.Http;

/// <summary>Provides the same methods to read a body on all frameworks.</summary>
internal static class PortableStream
{
#if NET
    public static ValueTask<int> ReadBytesAsync(
        this Stream stream, byte[] buffer, int offset, int count, CancellationToken cancellation) =>
        stream.ReadAsync(buffer.AsMemory(offset, count), cancellation);
#else
    public static Task<Stream> ReadAsStreamAsync(this HttpContent content, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return content.ReadAsStreamAsync();
    }

    public static ValueTask<int> ReadBytesAsync(
        this Stream stream, byte[] buffer, int offset, int count, CancellationToken cancellation) =>
        new(stream.ReadAsync(buffer, offset, count, cancellation));
#endif
}
