using Polly;
using Polly.Retry;

namespace Rx.Sse;

/// <summary>
/// The settings of <see cref="SseResiliencePipelineBuilderExtensions.AddSseReconnect"/>. They are Polly's retry
/// options and mean what they mean there, with defaults that suit event streams; what differs stands below.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item><see cref="RetryStrategyOptions{TResult}.Delay"/>: the base delay, 3 seconds; the server's <c>retry</c> takes
/// its place. Neither is ever less than 100 milliseconds.</item>
/// <item><see cref="RetryStrategyOptions{TResult}.BackoffType"/>: exponential, so each further failure in a row doubles it.</item>
/// <item><see cref="RetryStrategyOptions{TResult}.MaxDelay"/>: what that can raise it to, 30 seconds, or the server's
/// own <c>retry</c> if that is longer.</item>
/// <item><see cref="RetryStrategyOptions{TResult}.UseJitter"/>: on. Jitter only adds, up to half the delay, so that
/// no one comes back before the server asked.</item>
/// <item><see cref="RetryStrategyOptions{TResult}.MaxRetryAttempts"/>: no limit. It counts the attempts in a run of
/// failures, which ends when a connection has dispatched an event or stayed open for 30 seconds.</item>
/// <item><see cref="RetryStrategyOptions{TResult}.ShouldHandle"/>: <see cref="SseReconnection.IsTransient"/>.</item>
/// <item><see cref="RetryStrategyOptions{TResult}.DelayGenerator"/>: what it returns is the delay, as in Polly, up to
/// some 24 days; where it returns null, or is not set, all these rules apply.</item>
/// </list>
/// A <c>Retry-After</c> of the failed response is a lower bound for the delay, and some 24 days an upper one.
/// </remarks>
public class SseReconnectStrategyOptions : RetryStrategyOptions<HttpResponseMessage>
{
    /// <summary>The default of <see cref="RetryStrategyOptions{TResult}.Delay"/>: 3 seconds.</summary>
    public static readonly TimeSpan DefaultDelay = TimeSpan.FromSeconds(3);

    /// <summary>The default of <see cref="RetryStrategyOptions{TResult}.MaxDelay"/>: 30 seconds.</summary>
    public static readonly TimeSpan DefaultMaxDelay = TimeSpan.FromSeconds(30);

    /// <summary>Makes options with the defaults above.</summary>
    public SseReconnectStrategyOptions()
    {
        Name = "SseReconnect";
        Delay = DefaultDelay;
        MaxDelay = DefaultMaxDelay;
        BackoffType = DelayBackoffType.Exponential;
        UseJitter = true;
        MaxRetryAttempts = int.MaxValue;
        ShouldHandle = SseReconnection.IsTransient;
    }
}
