namespace Rx.Sse.Http;

/// <summary>
/// Ends a response in the middle. Merely disposed of, its connection may stay open for two more seconds, for the
/// handler drains the rest in order to use the connection again; cancelling a read makes it close at once.
/// </summary>
internal static class StreamAbort
{
    private const int ReadSize = 4 * 1024;

    /// <summary>How often what has already arrived is read away, in order to come to a read that has to wait.</summary>
    private const int MaxReads = 64;

    public static void Abort(Stream stream)
    {
        byte[] discarded = new byte[ReadSize];
        using var abort = new CancellationTokenSource();
        for (int i = 0; i < MaxReads; i++)
        {
            Task<int> read = ReadAsync(stream, discarded, abort.Token);
            if (!read.IsCompleted)
                abort.Cancel();
            else if (read.Result > 0)
                continue;
            return;
        }
    }

    /// <summary>A failure is as good as an end here.</summary>
    private static async Task<int> ReadAsync(Stream stream, byte[] buffer, CancellationToken cancellation)
    {
        try
        {
            return await stream.ReadBytesAsync(buffer, 0, buffer.Length, cancellation).ConfigureAwait(false);
        }
        catch (Exception)
        {
            return 0;
        }
    }
}
