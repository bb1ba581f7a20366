using System.Net;
using System.Net.Http.Headers;
using Rx.Sse.Headers;

namespace Rx.Sse;

/// <summary>
/// The server answered, but not with an event stream that can be read: <see cref="SseOptions.ShouldAcceptResponse"/>
/// does not accept its status or content type, or the body is encoded and nothing has decoded it. Which statuses are
/// retried, <see cref="SseReconnection"/> decides.
/// </summary>
public sealed class SseResponseException : SseException
{
    /// <summary>The maximum length of the body in <see cref="ToString"/>, in UTF-16 units.</summary>
    private const int ShownBodyLength = 1_000;

    /// <summary>Initializes a new instance from a response and as much of its body as was read.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="response"/> or <paramref name="body"/> is
    /// null.</exception>
    public SseResponseException(HttpResponseMessage response, string body = "", TimeSpan? retryAfter = null)
        : this(ResponseHeaders.Describe(Throw.IfNull(response)), response, body, retryAfter)
    {
    }

    internal SseResponseException(string message, HttpResponseMessage response, string body, TimeSpan? retryAfter)
        : base(message)
    {
        Throw.IfNull(body);
        Address = response.RequestMessage?.RequestUri;
        StatusCode = response.StatusCode;
        MediaType = Rx.Sse.Headers.MediaType.Of(response);
        Headers = response.Headers;
        ContentHeaders = response.Content?.Headers;
        RetryAfter = retryAfter;
        Body = body;
    }

    /// <summary>Gets the status of the response.</summary>
    public HttpStatusCode StatusCode { get; }

    /// <summary>
    /// Gets the media type of the response, without parameters: of several, the last that is well-formed (Fetch
    /// standard, "extract a MIME type"). <see langword="null"/> if there is none. The <see cref="Exception.Message"/>
    /// has what the server sent.
    /// </summary>
    public string? MediaType { get; }

    /// <summary>Gets the headers of the response, without those of its content.</summary>
    public HttpResponseHeaders Headers { get; }

    /// <summary>Gets the headers of the response's content; <see langword="null"/> if it had no content.</summary>
    public HttpContentHeaders? ContentHeaders { get; }

    /// <summary>
    /// Gets the time for which the server asks to wait by its <c>Retry-After</c> header (RFC 9110, section 10.2.3),
    /// from the arrival of the response; <see langword="null"/> if it does not ask.
    /// </summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>
    /// Gets the body as text, such as the JSON in which an API explains its error: its first 64 KiB, decoded as the
    /// charset of the content type says, else as UTF-8, and as much of it as came within five seconds. Empty if the
    /// body is encoded, for example by gzip.
    /// </summary>
    public string Body { get; }

    /// <summary>
    /// Returns what an exception's text has, and the start of the <see cref="Body"/>, because an API often says there
    /// what is wrong. The <see cref="Exception.Message"/> does not have it.
    /// </summary>
    public override string ToString()
    {
        if (Body.Length == 0)
            return base.ToString();
        bool isLong = Body.Length > ShownBodyLength;
        string start = isLong ? Body.AsSpan(0, ShownBodyLength).ToString() : Body;
        return $"{base.ToString()}{Environment.NewLine}Body: {start}{(isLong ? "..." : "")}";
    }
}
