using System.Buffers;
using System.Text;

namespace Rx.Sse.Http;

/// <summary>The body of a response that is no event stream: bounded in size and time, and never a failure of its own.</summary>
internal static class ErrorBody
{
    public const int MaxSize = 64 * 1024;

    /// <summary>How long such a body may take, for a server may send the headers of an error and then stall.</summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(5);

    public static async Task<string> ReadAsync(HttpContent? content, TimeProvider time, CancellationToken cancellation)
    {
        if (content is null)
            return "";

        byte[] buffer = ArrayPool<byte>.Shared.Rent(MaxSize);
        int length = 0;
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using ITimer timer = time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), timeout, MaxTime, Timeout.InfiniteTimeSpan);
        try
        {
            Stream stream = await content.ReadAsStreamAsync(timeout.Token).ConfigureAwait(false);
            int count;
            do
            {
                count = await stream.ReadAsync(buffer.AsMemory(length, MaxSize - length), timeout.Token).ConfigureAwait(false);
                length += count;
            }
            while (count > 0 && length < MaxSize);
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            // The status is the error to report; what came of its body is as much as there is to say.
        }

        string text = Encoding(content).GetString(buffer, 0, length);
        ArrayPool<byte>.Shared.Return(buffer);
        return text;
    }

    private static Encoding Encoding(HttpContent content)
    {
        string? charset = content.Headers.ContentType?.CharSet?.Trim('"');
        try
        {
            return charset is null ? System.Text.Encoding.UTF8 : System.Text.Encoding.GetEncoding(charset);
        }
        catch (ArgumentException)
        {
            return System.Text.Encoding.UTF8;
        }
    }
}
