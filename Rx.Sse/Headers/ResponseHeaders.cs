using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Rx.Sse.Headers;

/// <summary>Reads and describes the headers of a response.</summary>
internal static class ResponseHeaders
{
    public const string EventStream = "text/event-stream";

    /// <summary>Determines whether status and media type are those of an event stream.</summary>
    public static bool IsEventStream(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.OK
        && string.Equals(MediaType.Of(response), EventStream, StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns the error message for a response that was not accepted.</summary>
    public static string Describe(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            // The phrase of the standard; that of the response may be anything.
            using var standard = new HttpResponseMessage(response.StatusCode);
            string phrase = string.IsNullOrEmpty(standard.ReasonPhrase) ? "" : $" ({standard.ReasonPhrase})";
            return $"The server answered with the status {(int)response.StatusCode}{phrase}.";
        }

        if (IsEventStream(response))
            return DescribeEncoding(response) ?? "ShouldAcceptResponse did not accept the response.";
        return OfContent(response, "Content-Type") is { Length: > 0 } contentType
            ? $"The server answered with the content type '{contentType}' instead of '{EventStream}'."
            : $"The server answered without a content type; '{EventStream}' is expected.";
    }

    /// <summary>Returns the error message for an encoded body; null if the body is not encoded.</summary>
    public static string? DescribeEncoding(HttpResponseMessage response) => IsEncoded(response)
        ? $"The body has the content encoding '{OfContent(response, "Content-Encoding")}', which the client did not"
            + " decode. Set AutomaticDecompression on the client's handler, or do not send Accept-Encoding."
        : null;

    /// <summary>
    /// Determines whether the body is still encoded. Some servers send values that are not a content encoding.
    /// </summary>
    public static bool IsEncoded(HttpResponseMessage response) =>
        !KeepsHeaderOfDecodedBody(response)
        && OfContent(response, "Content-Encoding") is { } encodings
        && encodings.Split(',').Select(encoding => encoding.Trim().ToUpperInvariant())
            .Any(encoding => encoding is not ("" or "IDENTITY" or "NONE" or "CHUNKED" or "UTF-8"));

    /// <summary>
    /// Determines whether the handler decodes bodies without removing the header, as browsers do, and NSURLSession,
    /// which is the default on most of Apple's systems.
    /// </summary>
    private static bool KeepsHeaderOfDecodedBody(HttpResponseMessage response)
    {
#if NET
        bool isApple = OperatingSystem.IsIOS() || OperatingSystem.IsTvOS() || OperatingSystem.IsMacOS();
        return OperatingSystem.IsBrowser()
            || (isApple && response.Content.GetType().Assembly != typeof(HttpContent).Assembly);
#else
        return false;
#endif
    }

    /// <summary>
    /// Returns all values of a header of the content, joined by commas; null if there is none. On .NET they are not
    /// parsed, because parsed values would stay in memory as long as the response.
    /// </summary>
    public static string? OfContent(HttpResponseMessage response, string name)
    {
        HttpContentHeaders? headers = response.Content?.Headers;
#if NET
        return headers is not null && headers.NonValidated.TryGetValues(name, out HeaderStringValues values)
#else
        return headers is not null && headers.TryGetValues(name, out IEnumerable<string>? values)
#endif
            ? string.Join(", ", values)
            : null;
    }

    /// <summary>
    /// Returns the <c>Retry-After</c> header as a time (RFC 9110, section 10.2.3). A date is compared with the date of
    /// the response, because the clocks may differ. A fraction of a second, which the standard does not allow, is
    /// rounded up.
    /// </summary>
    public static TimeSpan? RetryAfter(HttpResponseHeaders headers, DateTimeOffset now)
    {
        TimeSpan? wait = headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - (headers.Date ?? now),
            _ => headers.TryGetValues("Retry-After", out IEnumerable<string>? values) ? Seconds(values.Last()) : null,
        };
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static TimeSpan? Seconds(string value) =>
        value is [>= '0' and <= '9', ..]
        && double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
            ? TimeSpan.FromSeconds(Math.Ceiling(Math.Min(seconds, int.MaxValue)))
            : null;
}
