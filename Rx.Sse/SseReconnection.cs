using Polly;
using Polly.Retry;
using Rx.Sse.Reconnection;

namespace Rx.Sse;

/// <summary>
/// Describes how a stream reconnects. Immutable, and compared by value: change a preset by <c>with</c>, such as
/// <c>SseReconnection.Default with { MaxRetryAttempts = 10 }</c>.
/// </summary>
/// <remarks>
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

    /// <summary>
    /// Gets the default. It retries what may pass: a connection that cannot be opened or breaks, a timeout, the end of
    /// the response, and the statuses 408, 425, 429 and 5xx except 501, 505 and 511. It does not retry a server
    /// certificate that is rejected before the stream has opened a connection.
    /// </summary>
    public static SseReconnection Default { get; } = new();

    /// <summary>
    /// Gets the policy of a browser's <c>EventSource</c> (WHATWG HTML, section 9.2.3): network errors and the end of
    /// the response are retried, and any response other than an event stream is final.
    /// </summary>
    public static SseReconnection Strict { get; } = new()
    {
        ShouldHandle = static arguments => new(Failure.IsLoss(arguments.Outcome.Exception)),
    };

    /// <summary>
    /// Gets the policy that retries nothing: a regular end completes the stream, and a failure ends it.
    /// </summary>
    public static SseReconnection Never { get; } = new() { ShouldHandle = static _ => new(false) };

    /// <summary>
    /// Gets the delay after the first failure, where the server has set no <c>retry</c>. From zero to one day; default:
    /// 3 seconds.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan Delay
    {
        get;
        init => field = Checked(value, nameof(Delay));
    } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Gets the limit up to which further failures raise the delay; the server's <c>retry</c> if that is longer. From
    /// zero to one day; <see langword="null"/> for no limit. Default: 30 seconds.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan? MaxDelay
    {
        get;
        init => field = value is { } delay ? Checked(delay, nameof(MaxDelay)) : null;
    } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Gets how each further failure in a row raises the delay. Default: <see cref="DelayBackoffType.Exponential"/>,
    /// which doubles it.
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
    /// Gets whether a random part of up to half the delay is added to it, so that clients that were dropped together do
    /// not come back together. Default: <see langword="true"/>.
    /// </summary>
    public bool UseJitter { get; init; } = true;

    /// <summary>
    /// Gets the number of failures in a row that are retried; the next one ends the stream. At least 1; default:
    /// <see cref="int.MaxValue"/>, which is no limit.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxRetryAttempts
    {
        get;
        init => field = value >= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(MaxRetryAttempts), value, "At least 1.");
    } = int.MaxValue;

    /// <summary>
    /// Gets the predicate that decides which failures are retried. Default: those of <see cref="Default"/>. A regular
    /// end that it declines completes the stream; any other failure that it declines ends it.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Func<RetryPredicateArguments<HttpResponseMessage>, ValueTask<bool>> ShouldHandle
    {
        get;
        init => field = Throw.IfNull(value, nameof(ShouldHandle));
    } = static arguments => new(Failure.IsTransient(arguments.Outcome.Exception, arguments.Context));

    /// <summary>
    /// Gets the function that chooses the delay. From 100 milliseconds to about 24 days: a shorter or longer one is
    /// raised or cut. Where it returns <see langword="null"/> or less than zero, or is not set, the other properties
    /// and the server decide. Default: <see langword="null"/>.
    /// </summary>
    public Func<RetryDelayGeneratorArguments<HttpResponseMessage>, ValueTask<TimeSpan?>>? DelayGenerator { get; init; }

    /// <summary>
    /// Gets the function that is called before each wait that follows a failure; not after a signal of
    /// <see cref="SseOptions.ReconnectWhen"/>. Default: <see langword="null"/>. What it throws ends the stream.
    /// </summary>
    public Func<OnRetryArguments<HttpResponseMessage>, ValueTask>? OnRetry { get; init; }

    /// <summary>
    /// Gets the source of the jitter: numbers from 0 (no jitter) to 1. Default: Polly's, which is random. Set it in
    /// tests.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Func<double> Randomizer
    {
        get;
        init => field = Throw.IfNull(value, nameof(Randomizer));
    } = DefaultRandomizer;

    /// <summary>
    /// Gets the function that adds strategies around a whole outage, such as a timeout that gives it up. Default:
    /// <see langword="null"/>. What it throws, <c>FromSse</c> throws.
    /// </summary>
    public Action<ResiliencePipelineBuilder<HttpResponseMessage>>? ConfigureOutage { get; init; }

    /// <summary>
    /// Gets the function that adds strategies around each attempt to connect, such as a connect timeout or, with
    /// <c>AddPipeline</c>, a circuit breaker that streams share. Default: <see langword="null"/>. What it throws,
    /// <c>FromSse</c> throws.
    /// </summary>
    /// <remarks>
    /// Strategies that run attempts in parallel, such as hedging, are not supported: the second attempt fails with
    /// <see cref="InvalidOperationException"/>.
    /// </remarks>
    public Action<ResiliencePipelineBuilder<HttpResponseMessage>>? ConfigureAttempt { get; init; }

    private static TimeSpan Checked(TimeSpan delay, string name) =>
        delay >= TimeSpan.Zero && delay <= TimeSpan.FromDays(1)
            ? delay
            : throw new ArgumentOutOfRangeException(name, delay, "From zero to one day.");
}
