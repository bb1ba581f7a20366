using Rx.Sse.Scheduling;

namespace Rx.Sse.Http;

/// <summary>
/// Recognizes the bodies of .NET's own handlers. In these, an empty read waits for the next bytes, and cancelling a
/// read closes the connection. Any other body can only be relied on to be readable.
/// </summary>
internal static class HandlerBody
{
    private const int ReadSize = 4 * 1024;

    /// <summary>The maximum number of reads that discard bytes which have arrived, until a read has to wait.</summary>
    private const int MaxReads = 64;

    /// <summary>
    /// Determines whether the body is that of .NET's own handler. A body that is decompressed is not.
    /// </summary>
    public static bool Is(HttpContent content, Stream body) =>
        IsOfHandler(content) && body.GetType().Assembly == typeof(HttpContent).Assembly;

    /// <summary>
    /// Closes the connection of a body that may not be at its end, by cancelling a read. If the body was only disposed,
    /// the handler would read for up to two more seconds, to make the connection usable again.
    /// </summary>
    public static void Abort(HttpContent? content)
    {
        try
        {
            if (content is not null && IsOfHandler(content)
                && content.ReadAsStreamAsync() is { Status: TaskStatus.RanToCompletion } opened)
                Abort(opened.Result);
        }
        catch (Exception)
        {
            // The body has ended or was disposed.
        }
    }

    /// <summary>Determines whether only the handler can have created the content. Others may wrap any stream.</summary>
    private static bool IsOfHandler(HttpContent content) =>
        content.GetType() is { IsVisible: false } type && type.Assembly == typeof(HttpContent).Assembly;

    private static void Abort(Stream body)
    {
        byte[] discarded = new byte[ReadSize];
        var abort = new CancellationTokenSource();
        for (int i = 0; i < MaxReads; i++)
        {
            Task<int> read = body.ReadAsync(discarded, 0, discarded.Length, abort.Token);
            if (read is { Status: TaskStatus.RanToCompletion, Result: > 0 })
                continue;

            // Observes the exception of the task.
            _ = read.ContinueWith(static task => task.Exception, TaskScheduler.Default);
            abort.CancelQuietly();
            return;
        }
    }
}
