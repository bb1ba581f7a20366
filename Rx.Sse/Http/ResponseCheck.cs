using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Rx.Sse.Http;

/// <summary>Whether a response is an event stream (WHATWG HTML, section 9.2.3).</summary>
internal static class ResponseCheck
{
    public const string EventStream = "text/event-stream";

    /// <summary>Whether it is an open event stream, or says that there is none to come (204).</summary>
    public static bool IsAccepted(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.OK ? IsEventStream(response) : response.StatusCode == HttpStatusCode.NoContent;

    /// <summary>The error that a response stands for that is not accepted; its body is read as far as is good.</summary>
    public static async Task<SseResponseException> ReadErrorAsync(HttpResponseMessage response, TimeProvider time, CancellationToken cancellation)
    {
        TimeSpan? retryAfter = RetryAfter(response.Headers, time.GetUtcNow());
        string body = await ErrorBody.ReadAsync(response.Content, time, cancellation).ConfigureAwait(false);
        return new SseResponseException(response, body, retryAfter);
    }

    private static bool IsEventStream(HttpResponseMessage response) =>
        IsPlainlyEventStream(response)
        || string.Equals(SseResponseException.MediaTypeOf(response), EventStream, StringComparison.OrdinalIgnoreCase);

    /// <summary>Most servers write the media type just so; then there is nothing to parse, and nothing parsed to keep.</summary>
    private static bool IsPlainlyEventStream(HttpResponseMessage response)
    {
#if NET
        return response.Content.Headers.NonValidated.TryGetValues("Content-Type", out HeaderStringValues values)
            && values.Count == 1
            && values.ToString() == EventStream;
#else
        return false;
#endif
    }

    /// <summary>
    /// RFC 9110, section 10.2.3. A date is compared with the response's own, because the clocks may differ. A fraction of
    /// a second, which the standard does not know, is rounded up.
    /// </summary>
    private static TimeSpan? RetryAfter(HttpResponseHeaders headers, DateTimeOffset now)
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
