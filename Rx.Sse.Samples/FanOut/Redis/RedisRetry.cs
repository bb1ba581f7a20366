using StackExchange.Redis;

namespace Rx.Sse.Samples.FanOut.Redis;

/// <summary>Repeats a command until Redis answers.</summary>
internal static class RedisRetry
{
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <param name="command">Sends it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="report">Is told of the first failure, as a sentence.</param>
    public static async Task<T> RunAsync<T>(
        Func<Task<T>> command, CancellationToken cancellation, Action<string>? report = null)
    {
        bool isReported = false;
        while (true)
        {
            try
            {
                T answer = await command().WaitAsync(cancellation);

                // The client may continue here on the thread that reads its answers. A caller that waits for the next
                // answer would block that thread.
                await Task.Yield();
                return answer;
            }
            catch (Exception failure) when (failure is RedisException or TimeoutException)
            {
                if (!isReported)
                    report?.Invoke(Explain(failure));
                isReported = true;
                await Task.Delay(Pause, cancellation);
            }
        }
    }

    /// <summary>
    /// What the client says of a lost connection is long, and meant for its authors. Redis adds to a message where in
    /// the script it arose.
    /// </summary>
    public static string Explain(Exception failure) => failure is RedisServerException
        ? $"Redis has refused a command: {failure.Message.Split(" script: ")[0].TrimEnd('.')}."
        : "Redis does not answer.";
}
