using System.Net;
using System.Net.Http.Headers;
using Rx.Sse.Headers;

namespace Rx.Sse;

/// <summary>Represents the failure of a request to which the server did not answer with an event stream.</summary>
/// <remarks>
/// <see cref="SseOptions.ShouldAcceptResponse"/> has not accepted the status or content type, or the body is still
/// encoded. <see cref="SseReconnection"/> has the statuses that are retried.
/// </remarks>
public sealed class SseResponseException : SseException
{
    /// <summary>The maximum length of the body in <see cref="ToString"/>, in UTF-16 units.</summary>
    private const int ShownBodyLength = 1_000;

    /// <summary>Initializes a new instance from a response, for example to simulate the failure in a test.</summary>
    /// <param name="response">The response.</param>
    /// <param name="body">The value of <see cref="Body"/>.</param>
    /// <param name="retryAfter">The value of <see cref="RetryAfter"/>.</param>
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

    /// <summary>Gets the media type of the response; <see langword="null"/> if there is none.</summary>
    /// <remarks>
    /// Without parameters. Of several values, it is the last one that is well-formed (Fetch standard, "extract a MIME
    /// type"). The <see cref="Exception.Message"/> contains the header as the server sent it.
    /// </remarks>
    public string? MediaType { get; }

    /// <summary>Gets the headers of the response, without those of its content.</summary>
    public HttpResponseHeaders Headers { get; }

    /// <summary>Gets the headers of the content; <see langword="null"/> if there is no content.</summary>
    public HttpContentHeaders? ContentHeaders { get; }

    /// <summary>Gets the minimum delay that the server requests; <see langword="null"/> if there is none.</summary>
    /// <remarks>
    /// It is the <c>Retry-After</c> header (RFC 9110, section 10.2.3), and counts from the arrival of the response.
    /// </remarks>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Gets the body as text, for example JSON in which an API explains the error.</summary>
    /// <remarks>
    /// At most its first 64 KiB, and what arrived within five seconds. It is decoded by the charset of the content
    /// type; the default is UTF-8. Empty if the body is encoded, for example with gzip.
    /// </remarks>
    public string Body { get; }

    /// <summary>Returns the text of the exception, and the start of the <see cref="Body"/>.</summary>
    /// <remarks>The <see cref="Exception.Message"/> does not contain the body.</remarks>
    public override string ToString()
    {
        if (Body.Length == 0)
            return base.ToString();
        bool isLong = Body.Length > ShownBodyLength;
        string start = isLong ? Body.AsSpan(0, ShownBodyLength).ToString() : Body;
        return $"{base.ToString()}{Environment.NewLine}Body: {start}{(isLong ? "..." : "")}";
    }
}
