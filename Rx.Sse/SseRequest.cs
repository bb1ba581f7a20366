using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Rx.Sse;

/// <summary>
/// How to make the request of an event stream. Every attempt to connect makes a message of its own, so that a
/// request can be sent again and its headers, such as a token, can be new each time.
/// </summary>
/// <remarks>
/// The library adds <c>Accept: text/event-stream</c>, <c>Cache-Control: no-cache</c> and, once there is a
/// last event ID, <c>Last-Event-ID</c> (WHATWG HTML, section 9.2.3), each only where neither the message nor the client's default
/// headers have one already. A factory runs on the subscribing thread for the first attempt and on any thread later.
/// One that throws or returns <see langword="null"/> ends the stream with <see cref="SseRequestException"/>.
/// </remarks>
public sealed class SseRequest
{
    /// <summary>The name of the header that says where to resume.</summary>
    internal const string LastEventIdHeaderName = "Last-Event-ID";

    /// <summary>Given the request itself, so that the many that are made from an address need nothing else.</summary>
    private readonly Func<SseRequest, HttpClient, CancellationToken, ValueTask<HttpRequestMessage>> _create;

    private SseRequest(Func<SseRequest, HttpClient, CancellationToken, ValueTask<HttpRequestMessage>> create, Uri? address = null)
    {
        _create = create;
        Address = address;
    }

    /// <summary>The address, where it is known before the message is made.</summary>
    internal Uri? Address { get; }

    /// <summary>A GET of that address; a relative one resolves against <see cref="HttpClient.BaseAddress"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="address"/> is not an address.</exception>
    [return: NotNullIfNotNull(nameof(address))]
    public static implicit operator SseRequest?(string? address) => address is null ? null : Get(address);

    /// <inheritdoc cref="op_Implicit(string)"/>
    [return: NotNullIfNotNull(nameof(address))]
    public static implicit operator SseRequest?(Uri? address) => address is null ? null : Get(address);

    /// <summary>A GET of that address; a relative one resolves against <see cref="HttpClient.BaseAddress"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="address"/> is not an address.</exception>
    public static SseRequest Get(string address) => Get(ParseAddress(address));

    /// <inheritdoc cref="Get(string)"/>
    public static SseRequest Get(Uri address)
    {
        Throw.IfNull(address);
        return new SseRequest(static (request, client, _) => new(NewMessage(client, HttpMethod.Get, request.Address!)), address);
    }

    /// <summary>
    /// A POST to that address, with the content that <paramref name="content"/> makes anew for every attempt. The
    /// library disposes of the content. A POST is sent once, and not again after a failure, unless
    /// <see cref="SseOptions.EndOfStream"/> is <see cref="SseEndOfStream.Reconnect"/>.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="address"/> is not an address.</exception>
    public static SseRequest Post(string address, Func<HttpContent> content) => Post(ParseAddress(address), content);

    /// <inheritdoc cref="Post(string, Func{HttpContent})"/>
    public static SseRequest Post(Uri address, Func<HttpContent> content)
    {
        Throw.IfNull(address);
        Throw.IfNull(content);
        return new SseRequest(
            (_, client, _) =>
            {
                HttpRequestMessage message = NewMessage(client, HttpMethod.Post, address);
                message.Content = content() ?? throw new InvalidOperationException("The content factory returned null.");
                return new(message);
            },
            address);
    }

    /// <summary>Whatever <paramref name="message"/> makes, anew for every attempt. The library disposes of it.</summary>
    public static SseRequest Create(Func<HttpRequestMessage> message)
    {
        Throw.IfNull(message);
        return new SseRequest((_, _, _) => new(message()));
    }

    /// <summary>
    /// Whatever <paramref name="message"/> makes, anew for every attempt, with the time it takes to fetch a token, say.
    /// The library disposes of it. The token is cancelled when the subscription is disposed of.
    /// </summary>
    public static SseRequest Create(Func<CancellationToken, Task<HttpRequestMessage>> message)
    {
        Throw.IfNull(message);
        return new SseRequest((_, _, cancellation) => new(message(cancellation)));
    }

    /// <summary>
    /// Lets a handler send event IDs beyond ASCII as the standard wants them, in UTF-8:
    /// <c>new SocketsHttpHandler { RequestHeaderEncodingSelector = SseRequest.HeaderEncoding }</c>.
    /// </summary>
    /// <remarks>
    /// .NET's handlers send no other characters than ASCII in a header unless they are told in which encoding. With
    /// one that was not told, a stream whose last event ID is not ASCII reconnects without that header, and the server
    /// can't know where to resume. In browsers and on .NET Framework there is nothing to set.
    /// </remarks>
    /// <param name="headerName">The name of a header.</param>
    /// <param name="request">The request; it makes no difference.</param>
    /// <returns>UTF-8 for <c>Last-Event-ID</c>, and <see langword="null"/>, the handler's default, for all others.</returns>
    public static Encoding? HeaderEncoding(string headerName, HttpRequestMessage request) =>
        string.Equals(headerName, LastEventIdHeaderName, StringComparison.OrdinalIgnoreCase) ? Encoding.UTF8 : null;

    /// <summary>Makes the message for one attempt.</summary>
    internal ValueTask<HttpRequestMessage> CreateMessage(HttpClient client, CancellationToken cancellation) => _create(this, client, cancellation);

    /// <summary>
    /// Whether that address needs a base address. On Unix <see cref="Uri"/> takes <c>/path</c> for a file's, but in
    /// a request it is a relative one, and <see cref="HttpClient"/> treats it so.
    /// </summary>
    internal static bool IsRelative(Uri address) => !address.IsAbsoluteUri || address.OriginalString is ['/', ..];

    private static HttpRequestMessage NewMessage(HttpClient client, HttpMethod method, Uri address)
    {
        var message = new HttpRequestMessage(method, address);
#if NET
        message.Version = client.DefaultRequestVersion;
        message.VersionPolicy = client.DefaultVersionPolicy;
#endif
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
