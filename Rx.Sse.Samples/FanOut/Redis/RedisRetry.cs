using StackExchange.Redis;

namespace Rx.Sse.Samples.FanOut.Redis;

/// <summary>Repeats a command until Redis answers.</summary>
internal static class RedisRetry
{
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public static async Task<T> RunAsync<T>(Func<Task<T>> command, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                T answer = await command().WaitAsync(cancellation);

                // The client may continue here on the thread that reads its answers. Whoever blocks for the next answer
                // must not do so on that thread.
                await Task.Yield();
                return answer;
            }
            catch (Exception failure) when (failure is RedisException or TimeoutException)
            {
                await Task.Delay(Pause, cancellation);
            }
        }
    }
}
