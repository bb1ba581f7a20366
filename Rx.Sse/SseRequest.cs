using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Text;

namespace Rx.Sse;

/// <summary>
/// How to make the request of an event stream. A new message is made for each attempt to connect, because a message can
/// be sent only once, and so that its headers, such as a token, can be new each time.
/// </summary>
/// <remarks>
/// <para>The library adds these headers (WHATWG HTML, section 9.2.3):</para>
/// <list type="bullet">
/// <item><c>Accept: text/event-stream</c>, unless the message has an <c>Accept</c> header, or the client's default one
/// lists <c>text/event-stream</c> itself. A wildcard does not count.</item>
/// <item><c>Cache-Control: no-cache</c>, unless the message or the client has that header. In browsers, the fetch
/// option <c>cache: no-store</c> instead, because the header would make a request to another origin need a
/// preflight.</item>
/// <item><c>Last-Event-ID</c>, once there is a last event ID and unless <see cref="SseOptions.SendLastEventId"/> is
/// <see langword="false"/>. A header of the message or the client counts until the server has sent an ID, which
/// then takes its place.</item>
/// </list>
/// <para>The functions passed here run on the subscribing thread for the first attempt and on any thread later. If one
/// throws or returns <see langword="null"/>, the stream ends with <see cref="SseRequestException"/>.</para>
/// </remarks>
public sealed class SseRequest
{
    /// <summary>The name of the header that says where to resume.</summary>
    internal const string LastEventIdHeaderName = "Last-Event-ID";

    /// <summary>The factory of the caller; null if the message is created from the address.</summary>
    private readonly Func<SseAttempt, CancellationToken, ValueTask<HttpRequestMessage>>? _create;

    private readonly Func<HttpContent>? _content;
    private readonly Action<HttpRequestHeaders>? _headers;

    private SseRequest(
        Func<SseAttempt, CancellationToken, ValueTask<HttpRequestMessage>> create, bool takesAttempt = false)
    {
        _create = create;
        TakesAttempt = takesAttempt;
    }

    private SseRequest(Uri address, Func<HttpContent>? content, Action<HttpRequestHeaders>? headers)
    {
        Address = address;
        _content = content;
        _headers = headers;
    }

    /// <summary>Gets the address; null if a factory of the caller creates the message.</summary>
    internal Uri? Address { get; }

    /// <summary>
    /// Gets whether the factory decides by the attempt what to send. Then only the message tells whether it may be
    /// sent.
    /// </summary>
    internal bool TakesAttempt { get; }

    /// <summary>
    /// Creates a GET of that address; a relative one resolves against <see cref="HttpClient.BaseAddress"/>.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="address"/> is not an address.</exception>
    [return: NotNullIfNotNull(nameof(address))]
    public static implicit operator SseRequest?(string? address) => address is null ? null : Get(address);

    /// <inheritdoc cref="op_Implicit(string)"/>
    [return: NotNullIfNotNull(nameof(address))]
    public static implicit operator SseRequest?(Uri? address) => address is null ? null : Get(address);

    /// <summary>
    /// Creates a GET of that address; a relative one resolves against <see cref="HttpClient.BaseAddress"/>.
    /// </summary>
    /// <param name="address">The address.</param>
    /// <param name="headers">Adds headers, such as a token, to the message of each attempt; null for none.</param>
    /// <exception cref="ArgumentException"><paramref name="address"/> is not an address.</exception>
    public static SseRequest Get(string address, Action<HttpRequestHeaders>? headers = null) =>
        Get(ParseAddress(address), headers);

    /// <inheritdoc cref="Get(string, Action{HttpRequestHeaders})"/>
    public static SseRequest Get(Uri address, Action<HttpRequestHeaders>? headers = null) =>
        new(Throw.IfNull(address), content: null, headers);

    /// <summary>
    /// Creates a POST to that address, with new content for each attempt. The library disposes of it.
    /// </summary>
    /// <remarks>A POST is sent once, and not again after a failure, unless <see cref="SseOptions.Resend"/> allows
    /// it.</remarks>
    /// <param name="address">The address; a relative one resolves against <see cref="HttpClient.BaseAddress"/>.</param>
    /// <param name="content">Creates the content.</param>
    /// <param name="headers">Adds headers, such as a token, to the message of each attempt; null for none.</param>
    /// <exception cref="ArgumentException"><paramref name="address"/> is not an address.</exception>
    public static SseRequest Post(
        string address, Func<HttpContent> content, Action<HttpRequestHeaders>? headers = null) =>
        Post(ParseAddress(address), content, headers);

    /// <inheritdoc cref="Post(string, Func{HttpContent}, Action{HttpRequestHeaders})"/>
    public static SseRequest Post(Uri address, Func<HttpContent> content, Action<HttpRequestHeaders>? headers = null) =>
        new(Throw.IfNull(address), Throw.IfNull(content), headers);

    /// <summary>
    /// Creates a request from a function that makes each attempt's message. The library disposes of it.
    /// </summary>
    public static SseRequest Create(Func<HttpRequestMessage> message)
    {
        Throw.IfNull(message);
        return new SseRequest((_, _) => new(message()));
    }

    /// <summary>
    /// Creates a request from an asynchronous function that makes each attempt's message, for example with a token that
    /// has to be fetched. The library disposes of the message. The token is cancelled when the attempt is.
    /// </summary>
    public static SseRequest Create(Func<CancellationToken, Task<HttpRequestMessage>> message)
    {
        Throw.IfNull(message);
        return new SseRequest((_, cancellation) => new(message(cancellation)));
    }

    /// <summary>
    /// Creates a request from a function that is told why an attempt is made: for a cursor in the query, another
    /// address after a failure, or a POST that is resumed by a GET. The library disposes of the message.
    /// </summary>
    /// <remarks>It is called after the wait, right before the message is sent.</remarks>
    public static SseRequest Create(Func<SseAttempt, HttpRequestMessage> message)
    {
        Throw.IfNull(message);
        return new SseRequest((attempt, _) => new(message(attempt)), takesAttempt: true);
    }

    /// <summary>The asynchronous form of the other overload. The token is cancelled when the attempt is.</summary>
    /// <remarks>It is called after the wait, right before the message is sent.</remarks>
    public static SseRequest Create(Func<SseAttempt, CancellationToken, Task<HttpRequestMessage>> message)
    {
        Throw.IfNull(message);
        return new SseRequest((attempt, cancellation) => new(message(attempt, cancellation)), takesAttempt: true);
    }

    /// <summary>
    /// Lets a handler send event IDs beyond ASCII as the standard wants them, in UTF-8:
    /// <c>new SocketsHttpHandler { RequestHeaderEncodingSelector = SseRequest.HeaderEncoding }</c>.
    /// </summary>
    /// <remarks>
    /// .NET's handlers send only ASCII characters in a header unless they are told the encoding. Without it, a stream
    /// whose last event ID is not ASCII reconnects without that header, and the server can't know where to resume. In
    /// browsers and on .NET Framework there is nothing to set.
    /// </remarks>
    /// <param name="headerName">The name of a header.</param>
    /// <param name="request">The request; it makes no difference.</param>
    /// <returns>UTF-8 for <c>Last-Event-ID</c>, and <see langword="null"/>, the handler's default, for all
    /// others.</returns>
    public static Encoding? HeaderEncoding(string headerName, HttpRequestMessage request) =>
        string.Equals(headerName, LastEventIdHeaderName, StringComparison.OrdinalIgnoreCase) ? Encoding.UTF8 : null;

    /// <summary>Creates the message for one attempt.</summary>
    internal ValueTask<HttpRequestMessage> CreateMessage(
        HttpClient client, SseAttempt attempt, CancellationToken cancellation) =>
        _create is null ? new(CreateMessage(client)) : _create(attempt, cancellation);

    /// <summary>
    /// Whether that address needs a base address. On Unix <see cref="Uri"/> takes <c>/path</c> for a file's, but in
    /// a request it is a relative one, and <see cref="HttpClient"/> treats it so.
    /// </summary>
    internal static bool IsRelative(Uri address) => !address.IsAbsoluteUri || address.OriginalString is ['/', ..];

    private HttpRequestMessage CreateMessage(HttpClient client)
    {
        var message = new HttpRequestMessage(_content is null ? HttpMethod.Get : HttpMethod.Post, Address);
#if NET
        message.Version = client.DefaultRequestVersion;
        message.VersionPolicy = client.DefaultVersionPolicy;
#endif
        if (_content is not null)
            message.Content = _content() ?? throw new InvalidOperationException("The content factory returned null.");
        _headers?.Invoke(message.Headers);
        return message;
    }

    private static Uri ParseAddress(string address)
    {
        Throw.IfNull(address);
        return Uri.TryCreate(address, UriKind.RelativeOrAbsolute, out Uri? uri)
            ? uri
            : throw new ArgumentException($"'{address}' is not an address.", nameof(address));
    }
}
