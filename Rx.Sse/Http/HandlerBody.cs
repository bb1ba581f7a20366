using Rx.Sse.Scheduling;

namespace Rx.Sse.Http;

/// <summary>
/// Bodies that .NET's own handlers make. How these behave is known: an empty read waits for the next bytes, and a read
/// that is cancelled ends and closes the connection. Of any other body nothing is expected but that it can be read.
/// </summary>
internal static class HandlerBody
{
    private const int ReadSize = 4 * 1024;

    /// <summary>How many reads discard what has already arrived, in order to come to a read that has to wait.</summary>
    private const int MaxReads = 64;

    /// <summary>
    /// Whether that is one. A body that is decompressed is not, although its content is the handler's.
    /// </summary>
    public static bool Is(HttpContent content, Stream body) =>
        IsOfHandler(content) && body.GetType().Assembly == typeof(HttpContent).Assembly;

    /// <summary>
    /// Closes the connection of a body that may not be at its end. If the body was only disposed of, the handler would
    /// read on for up to two seconds, in order to use the connection again; cancelling a read closes it at once.
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
            // It has ended already.
        }
    }

    /// <summary>A content that callers can create may wrap a stream of theirs.</summary>
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

            // The exception of a task has to be looked at.
            _ = read.ContinueWith(static task => task.Exception, TaskScheduler.Default);
            abort.CancelQuietly();
            return;
        }
    }
}
