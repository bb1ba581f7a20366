using System.Reactive;
using Microsoft.Extensions.Logging;
using Rx.Sse.Headers;

namespace Rx.Sse;

/// <summary>Represents the settings of an event stream, such as reconnection, timeouts and limits.</summary>
/// <remarks>
/// Immutable: use <c>with</c> to change a copy. Each value is checked when it is set. Streams can share an instance.
/// </remarks>
public sealed record SseOptions
{
    /// <summary>Represents the default of <see cref="MaxEventSize"/>: 16 MiB.</summary>
    public const int DefaultMaxEventSize = 16 * 1024 * 1024;

    /// <summary>A string, and a buffer that grows by doubling, can hold this on all frameworks.</summary>
    private const int LargestMaxEventSize = 512 * 1024 * 1024;

    internal static SseOptions Default { get; } = new();

    /// <summary>Gets the event ID after which the stream resumes. Default: empty, for none.</summary>
    /// <remarks>
    /// It is the <see cref="SseEvent.LastEventId"/> of the last event of an earlier stream. It is sent from the first
    /// attempt on, until the server has sent an ID.
    /// </remarks>
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

    /// <summary>Gets whether the <c>Last-Event-ID</c> header is sent. Default: <see langword="true"/>.</summary>
    /// <remarks>
    /// The standard requires it as soon as there is a last event ID (WHATWG HTML, section 9.2.4).
    /// Set it to <see langword="false"/> for a server of another origin whose CORS rules do not allow that header: the
    /// browser then refuses the request. The factory of the request can put <see cref="SseAttempt.LastEventId"/> into
    /// the address instead. A header that you set yourself is sent in any case.
    /// </remarks>
    public bool SendLastEventId { get; init; } = true;

    /// <summary>
    /// Gets the predicate that accepts a response by its status and headers. Default: <see cref="IsEventStream"/>.
    /// </summary>
    /// <remarks>
    /// <para>For servers that answer with another status, such as 201, or without a content type:
    /// <c>r =&gt; r.StatusCode == HttpStatusCode.Created || SseOptions.IsEventStream(r)</c>. It must not read the body.
    /// It is not called for a 204, which completes the stream, and cannot accept a body that is still encoded. It runs
    /// on the thread that has received the headers.</para>
    /// <para>A response that is not accepted is an <see cref="SseResponseException"/>. If the predicate throws, the
    /// attempt fails with an <see cref="SseException"/>, which the default policies do not retry.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Func<HttpResponseMessage, bool> ShouldAcceptResponse
    {
        get;
        init => field = Throw.IfNull(value, nameof(ShouldAcceptResponse));
    } = IsEventStream;

    /// <summary>Gets the reconnection policy. Default: <see cref="SseReconnection.Default"/>.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public SseReconnection Reconnection
    {
        get;
        init => field = Throw.IfNull(value, nameof(Reconnection));
    } = SseReconnection.Default;

    /// <summary>
    /// Gets whether a POST may be sent again after a failure. Default: <see cref="SseResend.Never"/>.
    /// </summary>
    /// <remarks>It applies to all methods that are not safe (RFC 9110, section 9.2.1).</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of the enumeration.</exception>
    public SseResend Resend
    {
        get;
        init => field = value is >= SseResend.Never and <= SseResend.Always
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Resend), value, "Not a member of SseResend.");
    }

    /// <summary>
    /// Gets what happens at the regular end of a response. Default: <see langword="null"/>, which depends on the
    /// method.
    /// </summary>
    /// <remarks>
    /// <see langword="null"/> means <see cref="SseEndOfStream.Reconnect"/> if the method of the request is safe (GET,
    /// HEAD, OPTIONS, TRACE), and <see cref="SseEndOfStream.Complete"/> if it is not. <see cref="Resend"/> makes no
    /// difference.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of the enumeration.</exception>
    public SseEndOfStream? EndOfStream
    {
        get;
        init => field = value is null or (>= SseEndOfStream.Reconnect and <= SseEndOfStream.Fail)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(EndOfStream), value, "Not a member of SseEndOfStream.");
    }

    /// <summary>
    /// Gets whether an event without its blank line is dispatched at the regular end. Default: <see langword="false"/>.
    /// </summary>
    /// <remarks>
    /// <para>The standard drops such an event (WHATWG HTML, section 9.2.6). Set it to <see langword="true"/> for
    /// servers that end a response without the last blank line, as some servers of language models do. An unfinished
    /// last line then counts as a line, and the end as a blank line. A character that was cut off becomes
    /// U+FFFD.</para>
    /// <para>The event is delivered before the stream completes, or fails with <see cref="SseEndOfStreamException"/>.
    /// It has no effect if the end leads to a reconnect, so that an ID that was cut off is never sent, nor after an
    /// error.
    /// </para>
    /// </remarks>
    public bool DispatchUnterminatedEvent { get; init; }

    /// <summary>
    /// Gets the source of signals that cause a new connection at once. Default: <see langword="null"/>, for none.
    /// </summary>
    /// <remarks>
    /// <para>For example, the network is back, or the user has pressed a button. Each subscription of the stream
    /// subscribes to it once, before the first request. An error of the source ends the stream; after its completion,
    /// no more signals follow. A signal may come on any thread, also within <c>OnNext</c> of the stream.</para>
    /// <para>During a wait, a signal ends the wait, but never before the <c>Retry-After</c> of a response. During an
    /// attempt, it stays pending: if the attempt fails, the next one follows without backoff. While a connection is
    /// open, it is dropped and a new one is opened, without a call of
    /// <see cref="SseReconnection.ShouldHandle"/>.</para>
    /// <para>It is not a failure: the run of failures starts again from 0. It does not reconnect a request that is not
    /// safe unless <see cref="Resend"/> is <see cref="SseResend.Always"/>, or a factory that takes an
    /// <see cref="SseAttempt"/> creates a safe one; if it creates one that is not safe, the stream ends. At least 100
    /// milliseconds pass between two connects that signals cause; a signal within that time is deferred.</para>
    /// </remarks>
    public IObservable<Unit>? ReconnectWhen { get; init; }

    /// <summary>
    /// Gets the maximum time that an open connection may stay silent. Default: <see langword="null"/>, for no limit.
    /// </summary>
    /// <remarks>
    /// More than zero, and at most 24 days. The connection is dropped with <see cref="SseIdleTimeoutException"/>. Any
    /// byte counts, also of a comment. The time that observers take does not count.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan? IdleTimeout
    {
        get;
        init => field = value <= TimeSpan.Zero || value > LongestIdleTimeout
            ? throw new ArgumentOutOfRangeException(
                nameof(IdleTimeout), value, $"More than zero and at most {LongestIdleTimeout}.")
            : value;
    }

    /// <summary>Gets the maximum size of an event, in bytes. Default: 16 MiB.</summary>
    /// <remarks>
    /// At least 1, and at most 512 MiB. All lines of the event count together, without line ends. The limit also
    /// applies to each comment. The stream fails with <see cref="SseLimitException"/> if an event is larger.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxEventSize
    {
        get;
        init => field = value is >= 1 and <= LargestMaxEventSize
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(MaxEventSize), value, $"At least 1 and at most {LargestMaxEventSize} bytes.");
    } = DefaultMaxEventSize;

    /// <summary>Gets the logger for connections and their ends. Default: <see langword="null"/>, for none.</summary>
    /// <remarks>
    /// The messages have the event IDs 1 to 7. They contain addresses without query and user info, and never header
    /// values or data. Exceptions of the logger are ignored.
    /// </remarks>
    public ILogger? Logger { get; init; }

    private static TimeSpan LongestIdleTimeout => TimeSpan.FromDays(24);

    /// <summary>
    /// Determines whether the status of a response is 200 and its media type is <c>text/event-stream</c>.
    /// </summary>
    /// <remarks>
    /// This is the rule of the standard (WHATWG HTML, section 9.2.3). Case and parameters of the media type do not
    /// matter. Of several values, the last one that is well-formed counts (Fetch standard, "extract a MIME type").
    /// White space at the slash is an error, which cannot be seen once the parsed <c>ContentType</c> has been read.
    /// </remarks>
    /// <param name="response">The response. Its body is not read.</param>
    /// <exception cref="ArgumentNullException"><paramref name="response"/> is null.</exception>
    public static bool IsEventStream(HttpResponseMessage response) =>
        ResponseHeaders.IsEventStream(Throw.IfNull(response));
}
