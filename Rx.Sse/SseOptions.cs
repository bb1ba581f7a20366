using System.Reactive;
using Microsoft.Extensions.Logging;
using Rx.Sse.Headers;

namespace Rx.Sse;

/// <summary>
/// The settings of an event stream. Immutable; a value that makes no sense is refused when it is set. One instance
/// may serve any number of streams.
/// </summary>
public sealed record SseOptions
{
    /// <summary>The default of <see cref="MaxEventSize"/>: 16 MiB.</summary>
    public const int DefaultMaxEventSize = 16 * 1024 * 1024;

    /// <summary>A string, and a buffer that grows by doubling, can hold this on all frameworks.</summary>
    private const int LargestMaxEventSize = 512 * 1024 * 1024;

    internal static SseOptions Default { get; } = new();

    /// <summary>
    /// Gets where to resume: the last event ID that an earlier stream reached (<see cref="SseEvent.LastEventId"/>). It
    /// is sent from the first attempt on, until the server has sent an ID. Default: empty, which sends none.
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
    /// Gets whether the library sends the last event ID in the <c>Last-Event-ID</c> header (WHATWG HTML, section
    /// 9.2.4). Default: <see langword="true"/>.
    /// </summary>
    /// <remarks>
    /// Set it to <see langword="false"/> for a server of another origin whose CORS rules do not allow that header: the
    /// browser then refuses the request. The factory of the request can put <see cref="SseAttempt.LastEventId"/> into
    /// the address instead. A header that you set yourself is sent in any case.
    /// </remarks>
    public bool SendLastEventId { get; init; } = true;

    /// <summary>
    /// Gets which responses are event streams, by their status and headers. Default: <see cref="IsEventStream"/>.
    /// </summary>
    /// <remarks>
    /// <para>For servers that answer with another status, such as 201, or without a content type:
    /// <c>r =&gt; r.StatusCode == HttpStatusCode.Created || SseOptions.IsEventStream(r)</c>. It must not read the body.
    /// It is not asked about a 204, which completes the stream, and cannot accept a body that is still encoded. It runs
    /// on the thread on which the headers came.</para>
    /// <para>A response that is not accepted is an <see cref="SseResponseException"/>. If the function throws, the
    /// stream ends with an <see cref="SseException"/> that has the exception inside.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Func<HttpResponseMessage, bool> ShouldAcceptResponse
    {
        get;
        init => field = Throw.IfNull(value, nameof(ShouldAcceptResponse));
    } = IsEventStream;

    /// <summary>
    /// Gets how the stream reconnects. Default: <see cref="SseReconnection.Default"/>.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public SseReconnection Reconnection
    {
        get;
        init => field = Throw.IfNull(value, nameof(Reconnection));
    } = SseReconnection.Default;

    /// <summary>
    /// Gets whether a request whose method is not safe, such as a POST, may be sent again after a failure. Default:
    /// <see cref="SseResend.Never"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of the enumeration.</exception>
    public SseResend Resend
    {
        get;
        init => field = value is >= SseResend.Never and <= SseResend.Always
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Resend), value, "Not a member of SseResend.");
    }

    /// <summary>
    /// Gets what the regular end of a response means. Default: <see langword="null"/>, which is
    /// <see cref="SseEndOfStream.Reconnect"/> where the request's method is safe (GET, HEAD, OPTIONS, TRACE) and
    /// <see cref="SseEndOfStream.Complete"/> where it is not, whatever <see cref="Resend"/> says.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of the enumeration.</exception>
    public SseEndOfStream? EndOfStream
    {
        get;
        init => field = value is null or (>= SseEndOfStream.Reconnect and <= SseEndOfStream.Fail)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(EndOfStream), value, "Not a member of SseEndOfStream.");
    }

    /// <summary>
    /// Gets whether an event that the regular end of the stream leaves unfinished is dispatched: an unfinished last
    /// line then counts as a line, and the end as a blank line. Default: <see langword="false"/>, as the standard says,
    /// which drops such an event (WHATWG HTML, section 9.2.6).
    /// </summary>
    /// <remarks>
    /// For servers that end the response without the last blank line, as some that stream the answer of a language
    /// model do. The event comes before the stream completes, or fails with <see cref="SseEndOfStreamException"/>. It
    /// has no effect where the end leads to a reconnect, so that an ID that was cut off never becomes the resume point,
    /// and none after an error. A character that was cut off becomes U+FFFD.
    /// </remarks>
    public bool DispatchUnterminatedEvent { get; init; }

    /// <summary>
    /// Gets a source of signals that ask for a new connection: the network is back, or the user pressed a button.
    /// Default: <see langword="null"/>, none.
    /// </summary>
    /// <remarks>
    /// <para>It is subscribed to once per subscription, before the first request, and disposed of with it. Its error
    /// ends the stream; its completion means that no more signals follow. A signal may come from any thread, also from
    /// within <c>OnNext</c> of the stream.</para>
    /// <para>While the stream waits, a signal ends the wait, except that a <c>Retry-After</c> is always waited out.
    /// While it connects, the signal is remembered: if the attempt fails, the next one follows without a backoff. While
    /// a connection is open, it is dropped and a new one is opened, without asking
    /// <see cref="SseReconnection.ShouldHandle"/>.</para>
    /// <para>It is not a failure: the run of failures starts again from 0. It does not reconnect a request that is not
    /// safe unless <see cref="Resend"/> is <see cref="SseResend.Always"/>, or a factory that takes an
    /// <see cref="SseAttempt"/> makes a safe one; if it makes one that is not safe, the stream ends. At least 100
    /// milliseconds pass between two connects that it causes; a signal within that time acts at its end.</para>
    /// </remarks>
    public IObservable<Unit>? ReconnectWhen { get; init; }

    /// <summary>
    /// Gets the maximum time an open connection may stay silent, without any byte, before it is dropped with
    /// <see cref="SseIdleTimeoutException"/>. Only the time spent waiting for the server counts, not the time that
    /// observers take. More than zero and at most 24 days; <see langword="null"/>, the default, is no limit.
    /// </summary>
    public TimeSpan? IdleTimeout
    {
        get;
        init => field = value <= TimeSpan.Zero || value > LongestIdleTimeout
            ? throw new ArgumentOutOfRangeException(
                nameof(IdleTimeout), value, $"More than zero and at most {LongestIdleTimeout}.")
            : value;
    }

    /// <summary>
    /// Gets the maximum size of an event, in bytes: all its lines together, without line ends. Any single line, also of
    /// a comment, is bounded by it too. A larger one fails the stream with <see cref="SseLimitException"/>. At least 1,
    /// at most 512 MiB; default: 16 MiB.
    /// </summary>
    public int MaxEventSize
    {
        get;
        init => field = value is >= 1 and <= LargestMaxEventSize
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(MaxEventSize), value, $"At least 1 and at most {LargestMaxEventSize} bytes.");
    } = DefaultMaxEventSize;

    /// <summary>
    /// Gets the logger for connections and their ends, as messages with event IDs 1 to 7. Nothing secret is logged:
    /// addresses without query and user info, never header values or data. Default: <see langword="null"/>, none.
    /// </summary>
    public ILogger? Logger { get; init; }

    private static TimeSpan LongestIdleTimeout => TimeSpan.FromDays(24);

    /// <summary>
    /// Returns whether the status of a response is 200 and its media type <c>text/event-stream</c>, in any case and
    /// with any parameters (WHATWG HTML, section 9.2.3). Of several media types the last one that is well-formed counts
    /// (Fetch standard, "extract a MIME type").
    /// </summary>
    /// <remarks>
    /// White space at the slash is an error. Where something has read the parsed <c>ContentType</c> before, .NET has
    /// removed it.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="response"/> is null.</exception>
    public static bool IsEventStream(HttpResponseMessage response) =>
        ResponseHeaders.IsEventStream(Throw.IfNull(response));
}
