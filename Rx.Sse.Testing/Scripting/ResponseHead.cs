using System.Globalization;
using System.Net;

namespace Rx.Sse.Testing.Scripting;

/// <summary>The status and the headers of a scripted response.</summary>
internal sealed record ResponseHead(HttpStatusCode Status, string? ContentType, (string Name, string Value)[] Headers)
{
    /// <summary>
    /// The earliest year of a real clock. Only the clock of a scheduler that starts at zero is earlier.
    /// </summary>
    private const int FirstYear = 1900;

    /// <summary>The address to which redirects that are not scripted have led; null if there were none.</summary>
    public Uri? Address { get; init; }

    public ResponseHead With(HttpStatusCode status) => (int)status is 101 or (>= 200 and <= 999)
        ? this with { Status = status }
        : throw new ArgumentOutOfRangeException(
            nameof(status), status, "A final status has three digits and is not below 200, except for 101.");

    public ResponseHead With(string name, string value)
    {
        if (string.Equals(name, "Content-Type", StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException("The content type is set by WithContentType.", nameof(name));
        Throw.IfNull(value);
        if (value.IndexOfAny(['\r', '\n']) >= 0)
            throw new ArgumentException("The value of a header has no line break.", nameof(value));
        using var probe = new HttpResponseMessage { Content = new ByteArrayContent([]) };
        return TryAdd(probe, name, value)
            ? this with { Headers = [.. Headers, (name, value)] }
            : throw new ArgumentException($"'{name}' is not the name of a response header.", nameof(name));
    }

    /// <exception cref="SseScriptException">A date is not by the clock of the test.</exception>
    public void CheckRetryAfter(DateTimeOffset now)
    {
        if (!Has("Retry-After"))
            return;
        using var request = new HttpRequestMessage();
        using HttpResponseMessage response = CreateResponse(request, Stream.Null, now);
        if (response.Headers is { RetryAfter.Date: { Year: >= FirstYear } until, Date: { Year: < FirstYear } date })
        {
            throw new SseScriptException(
                $"Retry-After is {until:R}, but the time of the response is {date:R}. Make the date from the Now of "
                + "the scheduler, send a Date header by the same clock, or use a scheduler that begins at a real "
                + "date.");
        }
    }

    /// <param name="request">The request.</param>
    /// <param name="body">The body.</param>
    /// <param name="now">The time of the server.</param>
    public HttpResponseMessage CreateResponse(HttpRequestMessage request, Stream body, DateTimeOffset now)
    {
        request.RequestUri = Address ?? request.RequestUri;
        var response = new HttpResponseMessage(Status) { RequestMessage = request, Content = new StreamContent(body) };
        if (ContentType is not null)
            response.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
        foreach ((string name, string value) in Headers)
            TryAdd(response, name, value);
        if (!Has("Date"))
            TryAdd(response, "Date", now.ToString("R", CultureInfo.InvariantCulture));
        return response;
    }

    /// <summary>
    /// Returns the length of the body that the client reads (RFC 9112, section 6.3); null if there is no limit.
    /// </summary>
    public static long? BodyLength(HttpResponseMessage response)
    {
        if (response.RequestMessage!.Method == HttpMethod.Head || (int)response.StatusCode is 204 or 304)
            return 0;
        return response.Headers.TransferEncodingChunked == true ? null : response.Content.Headers.ContentLength;
    }

    private bool Has(string name) =>
        Headers.Any(header => string.Equals(header.Name, name, StringComparison.OrdinalIgnoreCase));

    private static bool TryAdd(HttpResponseMessage response, string name, string value) =>
        response.Headers.TryAddWithoutValidation(name, value)
            || response.Content.Headers.TryAddWithoutValidation(name, value);
}
