using Polly;
using Polly.Retry;
using Rx.Sse.Reconnection;

namespace Rx.Sse;

/// <summary>Represents a reconnection policy: which failures are retried, and after which delay.</summary>
/// <remarks>
/// <para>Immutable, and compared by value. Use <c>with</c> to change a copy, for example
/// <c>SseReconnection.Default with { MaxRetryAttempts = 10 }</c>.</para>
/// <para>The properties have the names, ranges and meanings of Polly's <see cref="RetryStrategyOptions{TResult}"/>,
/// except that no delay is below 100 milliseconds, whatever its source.</para>
/// <para>Each call of <c>FromSse</c> builds a pipeline: <see cref="ConfigureOutage"/>, then the strategy that waits and
/// reconnects, then <see cref="ConfigureAttempt"/>. Its clock is the stream's scheduler, and the subscriptions of the
/// call share it.</para>
/// <para>One execution of the pipeline is one outage: from the loss of a connection until the next one is open. The
/// first connect of a stream is an execution, too. Every attempt to connect goes through the pipeline; the loss that
/// begins an outage does not, so a circuit breaker counts real attempts only. An attempt ends with the headers of the
/// response (and with the body of one that is refused, within 5 seconds); reading the stream is outside the pipeline.
/// </para>
/// <para>A failed attempt is always an exception, never a response, so <c>HandleResult</c> predicates never match.
/// Match <see cref="SseResponseException"/> instead.</para>
/// <para><c>AttemptNumber</c> in the arguments of all callbacks counts the failures in a row before the one at hand,
/// from 0. The run ends when a connection has dispatched an event or has stayed open for 30 seconds.</para>
/// </remarks>
public sealed record SseReconnection
{
    private static readonly Func<double> DefaultRandomizer = new RetryStrategyOptions<HttpResponseMessage>().Randomizer;

    /// <summary>Initializes a new instance with the values of <see cref="Default"/>.</summary>
    public SseReconnection()
    {
    }

    /// <summary>Gets the default policy, which retries failures that may be temporary.</summary>
    /// <remarks>
    /// These are a connection that cannot be opened or breaks, a timeout, the end of the response, and the statuses
    /// 408, 425, 429 and 5xx except 501, 505 and 511. A server certificate that is rejected before the stream has
    /// opened a connection is not retried.
    /// </remarks>
    public static SseReconnection Default { get; } = new();

    /// <summary>Gets the policy of a browser's <c>EventSource</c>, for which any error status is final.</summary>
    /// <remarks>
    /// Network errors and the end of the response are retried, and any response other than an event stream is final
    /// (WHATWG HTML, section 9.2.3).
    /// </remarks>
    public static SseReconnection Strict { get; } = new()
    {
        ShouldHandle = static arguments => new(Failure.IsLoss(arguments.Outcome.Exception)),
    };

    /// <summary>
    /// Gets the policy without retries: a regular end completes the stream, and a failure ends it.
    /// </summary>
    public static SseReconnection Never { get; } = new() { ShouldHandle = static _ => new(false) };

    /// <summary>Gets the delay after the first failure, unless the server sets one. Default: 3 seconds.</summary>
    /// <remarks>
    /// From zero to one day; less than 100 milliseconds counts as that. The server sets the delay by <c>retry</c>.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan Delay
    {
        get;
        init => field = Checked(value, nameof(Delay));
    } = TimeSpan.FromSeconds(3);

    /// <summary>Gets the maximum delay to which further failures raise it. Default: 30 seconds.</summary>
    /// <remarks>
    /// From zero to one day; <see langword="null"/> for no limit. A <c>retry</c> of the server that is longer takes
    /// precedence.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan? MaxDelay
    {
        get;
        init => field = value is { } delay ? Checked(delay, nameof(MaxDelay)) : null;
    } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Gets how further failures raise the delay. Default: <see cref="DelayBackoffType.Exponential"/>, which doubles
    /// it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of the enumeration.</exception>
    public DelayBackoffType BackoffType
    {
        get;
        init => field = value is >= DelayBackoffType.Constant and <= DelayBackoffType.Exponential
            ? value
            : throw new ArgumentOutOfRangeException(nameof(BackoffType), value, "Not a member of DelayBackoffType.");
    } = DelayBackoffType.Exponential;

    /// <summary>
    /// Gets whether a random part of up to half the delay is added to it. Default: <see langword="true"/>.
    /// </summary>
    /// <remarks>With it, clients that lost their connections at the same time reconnect at different times.</remarks>
    public bool UseJitter { get; init; } = true;

    /// <summary>
    /// Gets the maximum number of failures in a row that are retried. Default: <see cref="int.MaxValue"/>, for no
    /// limit.
    /// </summary>
    /// <remarks>At least 1. The next failure ends the stream with its error.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxRetryAttempts
    {
        get;
        init => field = value >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(MaxRetryAttempts), value, "At least 1.");
    } = int.MaxValue;

    /// <summary>
    /// Gets the predicate for the failures that are retried. Default: those of <see cref="Default"/>.
    /// </summary>
    /// <remarks>A regular end that it declines completes the stream. Any other failure that it declines ends
    /// it.</remarks>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Func<RetryPredicateArguments<HttpResponseMessage>, ValueTask<bool>> ShouldHandle
    {
        get;
        init => field = Throw.IfNull(value, nameof(ShouldHandle));
    } = static arguments => new(Failure.IsTransient(arguments.Outcome.Exception, arguments.Context));

    /// <summary>Gets the function that chooses the delay. Default: <see langword="null"/>, for none.</summary>
    /// <remarks>
    /// A delay below 100 milliseconds or above about 24 days is set to that limit. If it returns <see langword="null"/>
    /// or less than zero, the other properties and the server determine the delay.
    /// </remarks>
    public Func<RetryDelayGeneratorArguments<HttpResponseMessage>, ValueTask<TimeSpan?>>? DelayGenerator { get; init; }

    /// <summary>
    /// Gets the function that is called before the wait after a failure. Default: <see langword="null"/>, for none.
    /// </summary>
    /// <remarks>
    /// It is not called after a signal of <see cref="SseOptions.ReconnectWhen"/>. If it throws, the stream fails.
    /// </remarks>
    public Func<OnRetryArguments<HttpResponseMessage>, ValueTask>? OnRetry { get; init; }

    /// <summary>Gets the function that returns the random number for the jitter. Default: that of Polly.</summary>
    /// <remarks>The number is from 0, for no jitter, to 1. Set it in tests.</remarks>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Func<double> Randomizer
    {
        get;
        init => field = Throw.IfNull(value, nameof(Randomizer));
    } = DefaultRandomizer;

    /// <summary>
    /// Gets the function that adds strategies around a whole outage. Default: <see langword="null"/>, for none.
    /// </summary>
    /// <remarks>For example, a timeout that limits the outage. If the function throws, <c>FromSse</c> throws.</remarks>
    public Action<ResiliencePipelineBuilder<HttpResponseMessage>>? ConfigureOutage { get; init; }

    /// <summary>
    /// Gets the function that adds strategies around each attempt to connect. Default: <see langword="null"/>, for
    /// none.
    /// </summary>
    /// <remarks>
    /// For example, a connect timeout or, with <c>AddPipeline</c>, a circuit breaker that streams share. If the
    /// function throws, <c>FromSse</c> throws. Strategies that run attempts in parallel, such as hedging, are not
    /// supported: the second attempt fails with <see cref="InvalidOperationException"/>.
    /// </remarks>
    public Action<ResiliencePipelineBuilder<HttpResponseMessage>>? ConfigureAttempt { get; init; }

    private static TimeSpan Checked(TimeSpan delay, string name) =>
        delay >= TimeSpan.Zero && delay <= TimeSpan.FromDays(1)
            ? delay
            : throw new ArgumentOutOfRangeException(name, delay, "From zero to one day.");
}
