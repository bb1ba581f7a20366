using Microsoft.Extensions.Logging;
using Polly;
using Rx.Sse.Reconnection;

namespace Rx.Sse;

/// <summary>
/// The settings of an event stream. Immutable; a value that makes no sense is refused when it is set. One instance
/// may serve any number of streams.
/// </summary>
public sealed record SseOptions
{
    /// <summary>The default of <see cref="MaxEventSize"/>: 16 MiB.</summary>
    public const int DefaultMaxEventSize = 16 * 1024 * 1024;

    /// <summary>What a string and a buffer that grows by doubling can surely hold.</summary>
    private const int LargestMaxEventSize = 512 * 1024 * 1024;

    internal static SseOptions Default { get; } = new();

    /// <summary>
    /// Where to resume: the last event ID that an earlier stream reached (<see cref="SseEvent.LastEventId"/>). It is
    /// sent from the first attempt on, until an event brings a new one. Default: empty, which sends none.
    /// </summary>
    /// <exception cref="ArgumentException">The value contains NUL, CR or LF, which no event ID can.</exception>
    public string LastEventId
    {
        get;
        init
        {
            Throw.IfNull(value, nameof(LastEventId));
            if (value.AsSpan().IndexOfAny('\0', '\r', '\n') >= 0)
                throw new ArgumentException("An event ID contains no NUL, CR or LF.", nameof(LastEventId));
            field = value;
        }
    } = "";

    /// <summary>
    /// Builds the pipeline that opens connections and decides about reconnecting: one of the presets of
    /// <see cref="SseReconnection"/>, or strategies of one's own around
    /// <see cref="SseResiliencePipelineBuilderExtensions.AddSseReconnect"/>. Called once for each call of
    /// <c>FromSse</c>; the builder's clock is the stream's scheduler. Strategies that run attempts at the same time, such
    /// as hedging, are not supported. Default: <see cref="SseReconnection.Default"/>.
    /// </summary>
    public Action<ResiliencePipelineBuilder<HttpResponseMessage>> Reconnection
    {
        get;
        init
        {
            Throw.IfNull(value, nameof(Reconnection));
            field = value;
            HasPreset = Pipelines.IsPreset(value);
        }
    } = SseReconnection.Default;

    /// <summary>
    /// What the regular end of a response means. Default: <see langword="null"/>, which reconnects where the request's
    /// method is safe (GET, HEAD, OPTIONS, TRACE) and completes where it is not. With a policy that does not retry
    /// it (<see cref="SseReconnection.Never"/>), an end that would reconnect completes.
    /// </summary>
    public SseEndOfStream? EndOfStream
    {
        get;
        init
        {
            if (value is < SseEndOfStream.Reconnect or > SseEndOfStream.Fail)
                throw new ArgumentOutOfRangeException(nameof(EndOfStream), value, "Not a member of SseEndOfStream.");
            field = value;
        }
    }

    /// <summary>
    /// How long an open connection may bring no byte at all, comments included, before it is given up with
    /// <see cref="SseIdleTimeoutException"/>. Only the time spent waiting for the server counts, not what observers
    /// take. More than zero and at most 24 days; <see langword="null"/>, the default, is no limit.
    /// </summary>
    public TimeSpan? IdleTimeout
    {
        get;
        init
        {
            if (value <= TimeSpan.Zero || value > LongestIdleTimeout)
                throw new ArgumentOutOfRangeException(nameof(IdleTimeout), value, $"More than zero and at most {LongestIdleTimeout}.");
            field = value;
        }
    }

    /// <summary>
    /// The largest event, in bytes: all its lines together, without line ends. Any single line, also of a comment, is
    /// bounded by it too. A larger one fails the stream with <see cref="SseLimitException"/>. At least 1, at most
    /// 512 MiB; default: 16 MiB.
    /// </summary>
    public int MaxEventSize
    {
        get;
        init
        {
            CheckMaxEventSize(value, nameof(MaxEventSize));
            field = value;
        }
    } = DefaultMaxEventSize;

    /// <summary>
    /// Where to log. Connections and their ends, as messages with event IDs 1 to 7; nothing secret: addresses without
    /// query and user info, never header values or data. Default: <see langword="null"/>, nowhere.
    /// </summary>
    public ILogger? Logger { get; init; }

    /// <summary><see cref="Reconnection"/> is a preset, so that all strategies are this library's. Known here, for each stream asks.</summary>
    internal bool HasPreset { get; private init; } = true;

    private static TimeSpan LongestIdleTimeout => TimeSpan.FromDays(24);

    internal static void CheckMaxEventSize(int value, string name)
    {
        if (value is < 1 or > LargestMaxEventSize)
            throw new ArgumentOutOfRangeException(name, value, $"At least 1 and at most {LargestMaxEventSize} bytes.");
    }
}
