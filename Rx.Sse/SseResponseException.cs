using System.Net;
using System.Net.Http.Headers;

namespace Rx.Sse;

/// <summary>
/// The server answered, but not with an event stream: its status is not 200, or its content type is not
/// <c>text/event-stream</c>. Which statuses are retried, <see cref="SseReconnection"/> decides.
/// </summary>
public sealed class SseResponseException : SseException
{
    /// <summary>How much of the body <see cref="ToString"/> shows, in UTF-16 units.</summary>
    private const int ShownBodyLength = 1_000;

    /// <summary>Makes one from the response, with as much of its body as was read.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="response"/> or <paramref name="body"/> is null.</exception>
    public SseResponseException(HttpResponseMessage response, string body = "", TimeSpan? retryAfter = null)
        : base(Describe(response))
    {
        Throw.IfNull(body);
        Address = response.RequestMessage?.RequestUri;
        StatusCode = response.StatusCode;
        MediaType = MediaTypeOf(response);
        Headers = response.Headers;
        ContentHeaders = response.Content?.Headers;
        RetryAfter = retryAfter;
        Body = body;
    }

    /// <summary>The status of the response.</summary>
    public HttpStatusCode StatusCode { get; }

    /// <summary>The media type of the response, without parameters; <see langword="null"/> if it had none.</summary>
    public string? MediaType { get; }

    /// <summary>The headers of the response, without those of its content.</summary>
    public HttpResponseHeaders Headers { get; }

    /// <summary>The headers of the response's content; <see langword="null"/> if it had no content.</summary>
    public HttpContentHeaders? ContentHeaders { get; }

    /// <summary>
    /// How long the server asks to wait with its <c>Retry-After</c> header (RFC 9110, section 10.2.3), from when the
    /// response came; <see langword="null"/> if it does not ask.
    /// </summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>
    /// The body as text, such as the JSON in which an API explains its error: its first 64 KiB, decoded as the
    /// charset of the content type says, else as UTF-8, and as much of it as came within five seconds.
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

    /// <summary>
    /// The media type alone, whatever its parameters are: .NET makes nothing of the whole header if it does not like one of
    /// them, such as the empty one after a semicolon at the end, which is allowed (RFC 9110, section 5.6.6).
    /// </summary>
    internal static string? MediaTypeOf(HttpResponseMessage response)
    {
        HttpContentHeaders? headers = response.Content?.Headers;
        if (headers?.ContentType is { } contentType)
            return contentType.MediaType;
        return headers is not null && headers.TryGetValues("Content-Type", out IEnumerable<string>? values)
            && MediaTypeHeaderValue.TryParse(values.First().Split(';')[0], out MediaTypeHeaderValue? alone)
            ? alone.MediaType
            : null;
    }

    private static string Describe(HttpResponseMessage response)
    {
        Throw.IfNull(response);
        return response.StatusCode == HttpStatusCode.OK
            ? $"The server answered with the content type '{MediaTypeOf(response)}' instead of 'text/event-stream'."
            : $"The server answered with the status {(int)response.StatusCode} ({response.StatusCode}).";
    }
}
