using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Text;

namespace Rx.Sse;

/// <summary>Represents the request of an event stream, which creates a message for each attempt to connect.</summary>
/// <remarks>
/// <para>A message can be sent only once. With a factory, its headers, such as a token, can differ per attempt.</para>
/// <para>The library adds these headers (WHATWG HTML, section 9.2.3):</para>
/// <list type="bullet">
/// <item><c>Accept: text/event-stream</c>, unless the message has an <c>Accept</c> header, or the client's default one
/// lists <c>text/event-stream</c> itself. A wildcard does not count.</item>
/// <item><c>Cache-Control: no-cache</c>, unless the message or the client has that header. In browsers, the fetch
/// option <c>cache: no-store</c> instead, because the header would make a request to another origin need a
/// preflight.</item>
/// <item><c>Last-Event-ID</c>, once there is a last event ID and unless <see cref="SseOptions.SendLastEventId"/> is
/// <see langword="false"/>. A header of the message or the client takes precedence until the server has sent an
/// ID.</item>
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
    /// Gets whether the message depends on the attempt. Whether it may be sent is then known only when it exists.
    /// </summary>
    internal bool TakesAttempt { get; }

    /// <summary>Creates a GET of an address.</summary>
    /// <param name="address">
    /// The address. A relative one is resolved against <see cref="HttpClient.BaseAddress"/>.
    /// </param>
    /// <returns>The request; <see langword="null"/> if <paramref name="address"/> is null.</returns>
    /// <exception cref="ArgumentException"><paramref name="address"/> is not an address.</exception>
    [return: NotNullIfNotNull(nameof(address))]
    public static implicit operator SseRequest?(string? address) => address is null ? null : Get(address);

    /// <inheritdoc cref="op_Implicit(string)"/>
    [return: NotNullIfNotNull(nameof(address))]
    public static implicit operator SseRequest?(Uri? address) => address is null ? null : Get(address);

    /// <summary>Creates a GET of an address.</summary>
    /// <param name="address">
    /// The address. A relative one is resolved against <see cref="HttpClient.BaseAddress"/>.
    /// </param>
    /// <param name="headers">The function that adds headers to each message, such as a token; null for none.</param>
    /// <exception cref="ArgumentException"><paramref name="address"/> is not an address.</exception>
    public static SseRequest Get(string address, Action<HttpRequestHeaders>? headers = null) =>
        Get(ParseAddress(address), headers);

    /// <inheritdoc cref="Get(string, Action{HttpRequestHeaders})"/>
    public static SseRequest Get(Uri address, Action<HttpRequestHeaders>? headers = null) =>
        new(Throw.IfNull(address), content: null, headers);

    /// <summary>Creates a POST to an address, with new content for each attempt.</summary>
    /// <remarks>
    /// By default, a POST is sent once, and not again after a failure: see <see cref="SseOptions.Resend"/>. The library
    /// disposes the content.
    /// </remarks>
    /// <param name="address">
    /// The address. A relative one is resolved against <see cref="HttpClient.BaseAddress"/>.
    /// </param>
    /// <param name="content">The function that creates the content.</param>
    /// <param name="headers">The function that adds headers to each message, such as a token; null for none.</param>
    /// <exception cref="ArgumentException"><paramref name="address"/> is not an address.</exception>
    public static SseRequest Post(
        string address, Func<HttpContent> content, Action<HttpRequestHeaders>? headers = null) =>
        Post(ParseAddress(address), content, headers);

    /// <inheritdoc cref="Post(string, Func{HttpContent}, Action{HttpRequestHeaders})"/>
    public static SseRequest Post(Uri address, Func<HttpContent> content, Action<HttpRequestHeaders>? headers = null) =>
        new(Throw.IfNull(address), Throw.IfNull(content), headers);

    /// <summary>Creates a request from a function that creates the message of each attempt.</summary>
    /// <remarks>The library disposes the message.</remarks>
    /// <param name="message">The function that creates a message.</param>
    public static SseRequest Create(Func<HttpRequestMessage> message)
    {
        Throw.IfNull(message);
        return new SseRequest((_, _) => new(message()));
    }

    /// <summary>Creates a request from an asynchronous function that creates the message of each attempt.</summary>
    /// <remarks>For example, it fetches a token for a header. The library disposes the message.</remarks>
    /// <param name="message">
    /// The function that creates a message. Its cancellation token is cancelled together with the attempt.
    /// </param>
    public static SseRequest Create(Func<CancellationToken, Task<HttpRequestMessage>> message)
    {
        Throw.IfNull(message);
        return new SseRequest((_, cancellation) => new(message(cancellation)));
    }

    /// <summary>Creates a request from a function that creates a message for the given attempt.</summary>
    /// <remarks>
    /// For example, to put a cursor into the query, to use another address after a failure, or to resume a POST by a
    /// GET. It is called after the delay, right before the message is sent. The library disposes the message.
    /// </remarks>
    /// <param name="message">The function that creates a message.</param>
    public static SseRequest Create(Func<SseAttempt, HttpRequestMessage> message)
    {
        Throw.IfNull(message);
        return new SseRequest((attempt, _) => new(message(attempt)), takesAttempt: true);
    }

    /// <summary>Creates a request from an asynchronous function that creates a message for the given attempt.</summary>
    /// <param name="message">
    /// The function that creates a message. Its cancellation token is cancelled together with the attempt.
    /// </param>
    /// <inheritdoc cref="Create(Func{SseAttempt, HttpRequestMessage})" path="/remarks"/>
    public static SseRequest Create(Func<SseAttempt, CancellationToken, Task<HttpRequestMessage>> message)
    {
        Throw.IfNull(message);
        return new SseRequest((attempt, cancellation) => new(message(attempt, cancellation)), takesAttempt: true);
    }

    /// <summary>Returns the encoding of a request header, which is UTF-8 for <c>Last-Event-ID</c>.</summary>
    /// <remarks>
    /// <para>Use it for event IDs that are not ASCII:
    /// <c>new SocketsHttpHandler { RequestHeaderEncodingSelector = SseRequest.HeaderEncoding }</c>.</para>
    /// <para>By default, .NET's handlers send only ASCII characters in a header. A stream whose last event ID is not
    /// ASCII then reconnects without the header, so that the server does not know where to resume. The standard
    /// requires UTF-8 (WHATWG HTML, section 9.2.4). In browsers and on .NET Framework, there is nothing to set.</para>
    /// </remarks>
    /// <param name="headerName">The name of a header.</param>
    /// <param name="request">The request, which is not used.</param>
    /// <returns>
    /// UTF-8 for <c>Last-Event-ID</c>; otherwise, <see langword="null"/>, which is the default of the handler.
    /// </returns>
    public static Encoding? HeaderEncoding(string headerName, HttpRequestMessage request) =>
        string.Equals(headerName, LastEventIdHeaderName, StringComparison.OrdinalIgnoreCase) ? Encoding.UTF8 : null;

    /// <summary>Creates the message for one attempt.</summary>
    internal ValueTask<HttpRequestMessage> CreateMessage(
        HttpClient client, SseAttempt attempt, CancellationToken cancellation) =>
        _create is null ? new(CreateMessage(client)) : _create(attempt, cancellation);

    /// <summary>
    /// Determines whether the address needs a base address. On Unix, <see cref="Uri"/> parses <c>/path</c> as that of a
    /// file, but <see cref="HttpClient"/> treats it as a relative address.
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
