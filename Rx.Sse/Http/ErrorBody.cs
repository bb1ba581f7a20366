using System.Net.Http.Headers;
using System.Text;
using Rx.Sse.Headers;

namespace Rx.Sse.Http;

/// <summary>
/// Reads the body of a response that is not an event stream, within limits of size and time. It never throws because of
/// the body.
/// </summary>
internal static class ErrorBody
{
    public const int MaxSize = 64 * 1024;

    /// <summary>
    /// The maximum time for the body, because a server may send the headers of an error and then nothing more.
    /// </summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Returns the part of the body that arrives in time. A cancellation, for example by the timeout of a strategy,
    /// only ends the reading, because the error to report is the status.
    /// </summary>
    public static async Task<string> ReadAsync(
        HttpResponseMessage response, TimeProvider time, CancellationToken cancellation)
    {
        if (response.Content is not { } content || ResponseHeaders.IsEncoded(response))
            return "";

        // Not from a pool, because a stream may report more bytes than it has written, which would show data of other
        // code, and one that ignores the cancellation may still write after this method has returned.
        byte[] buffer = new byte[MaxSize];
        int length = 0;

        using var timer = new IdleTimer(time, MaxTime, cancellation);
        timer.BeginWait(); // Once, so that it limits all reads together.
        try
        {
            using var reads = new AbandonableReads(timer.Token);
            Stream stream = await reads.WaitAsync<Stream>(new(content.ReadAsStreamAsync(timer.Token)))
                .ConfigureAwait(false);
            int count;
            do
            {
                count = await reads.WaitAsync(stream.ReadBytesAsync(buffer, length, MaxSize - length, timer.Token))
                    .ConfigureAwait(false);
                length += Math.Max(0, Math.Min(count, MaxSize - length));
            }
            while (count > 0 && length < MaxSize);
        }
        catch (Exception)
        {
            // The bytes that arrived before are returned.
        }

        return Decode(buffer, length, CharsetOf(response));
    }

    /// <summary>Decodes the body. A byte order mark takes precedence over the charset, and is left out.</summary>
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
