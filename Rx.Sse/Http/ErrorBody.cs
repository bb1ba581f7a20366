using System.Net.Http.Headers;
using System.Text;
using Rx.Sse.Headers;
using Rx.Sse.Scheduling;

namespace Rx.Sse.Http;

/// <summary>
/// The body of a response that is no event stream: bounded in size and time, and never a failure.
/// </summary>
internal static class ErrorBody
{
    public const int MaxSize = 64 * 1024;

    /// <summary>
    /// The maximum time for such a body, because a server may send the headers of an error and then stall.
    /// </summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Returns as much of the body as came, also when it is cancelled, by a strategy's timeout for example: the status
    /// is the error to report, whatever becomes of the rest.
    /// </summary>
    public static async Task<string> ReadAsync(
        HttpResponseMessage response, TimeProvider time, CancellationToken cancellation)
    {
        if (response.Content is not { } content || ResponseHeaders.IsEncoded(response))
            return "";

        // Not from a pool: a stream that reports more bytes than it has written would show foreign bytes, and one that
        // ignores the cancellation may still write when this method has returned.
        byte[] buffer = new byte[MaxSize];
        int length = 0;

        // Not disposed of: the timer may be about to cancel it when the body has come, and it holds nothing.
        var end = new CancellationTokenSource();
        using CancellationTokenRegistration registration = cancellation.Register(end.CancelQuietly);
        using ITimer timer = time.CreateTimer(
            static state => ((CancellationTokenSource)state!).CancelQuietly(), end, MaxTime, Timeout.InfiniteTimeSpan);
        try
        {
            using var reads = new AbandonableReads(end.Token);
            Stream stream = await reads.WaitAsync<Stream>(new(content.ReadAsStreamAsync(end.Token)))
                .ConfigureAwait(false);
            int count;
            do
            {
                count = await reads.WaitAsync(stream.ReadBytesAsync(buffer, length, MaxSize - length, end.Token))
                    .ConfigureAwait(false);
                length += Math.Max(0, Math.Min(count, MaxSize - length));
            }
            while (count > 0 && length < MaxSize);
        }
        catch (Exception)
        {
            // What came before is all there is to say.
        }

        return Decode(buffer, length, CharsetOf(response));
    }

    /// <summary>A byte order mark wins over the charset, and is no part of the text.</summary>
    private static string Decode(byte[] buffer, int length, string? charset)
    {
        using var reader = new StreamReader(new MemoryStream(buffer, 0, length), Named(charset?.Trim('"')));
        return reader.ReadToEnd();
    }

    private static string? CharsetOf(HttpResponseMessage response)
    {
        string? contentType = ResponseHeaders.OfContent(response, "Content-Type");
        return MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type) ? type.CharSet : null;
    }

    private static Encoding Named(string? charset)
    {
        try
        {
            return charset is null ? Encoding.UTF8 : Encoding.GetEncoding(charset);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return Encoding.UTF8;
        }
    }
}
