using System.Globalization;
using StackExchange.Redis;

namespace Rx.Sse.Samples.FanOut.Redis;

/// <summary>
/// Appends the events of one turn, one after the other. It blocks until Redis has the event, so that the upstream is
/// not read faster than Redis can write.
/// </summary>
internal sealed class RedisLogWriter(
    RedisLogStream stream, RedisLease lease, LogEntry? newest, Action<string> report, CancellationToken cancellation)
{
    private string _newestId = newest?.Id ?? "";
    private int _number;

    /// <summary>
    /// Returns whether the log has the event. Runs within <c>OnNext</c>, so it throws nothing: it tries until Redis
    /// answers, unless the lease has been lost or the relay ends.
    /// </summary>
    public bool TryAppend(SseEvent e)
    {
        string mark = string.Create(CultureInfo.InvariantCulture, $"{lease.Owner}/{++_number}");
        bool isReported = false;
        while (!lease.Lost.IsCompleted && !cancellation.IsCancellationRequested)
        {
            try
            {
                if (stream.Append(lease.Owner, _newestId, mark, e) is not { } id)
                {
                    lease.SetLost();
                    return false;
                }

                _newestId = id;
                return true;
            }
            catch (Exception failure)
            {
                if (!isReported)
                    report($"{RedisRetry.Explain(failure)} The upstream waits.");
                isReported = true;
                Thread.Sleep(RedisRetry.Pause);
            }
        }

        return false;
    }
}
