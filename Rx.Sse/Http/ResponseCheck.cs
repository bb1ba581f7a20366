using System.Net;
using System.Net.Http.Headers;

namespace Rx.Sse.Http;

/// <summary>Whether a response is an event stream (WHATWG HTML, section 9.2.3).</summary>
internal static class ResponseCheck
{
    public const string EventStream = "text/event-stream";

    /// <summary>Passes an open event stream, and a response that says there is none to come (204).</summary>
    /// <exception cref="SseResponseException">It is another response; its body has been read as far as is good.</exception>
    public static Task CheckAsync(HttpResponseMessage response, TimeProvider time, CancellationToken cancellation) =>
        response.StatusCode == HttpStatusCode.NoContent || response.StatusCode == HttpStatusCode.OK && IsEventStream(response)
            ? Task.CompletedTask
            : RefuseAsync(response, time, cancellation);

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

    private static async Task RefuseAsync(HttpResponseMessage response, TimeProvider time, CancellationToken cancellation)
    {
        TimeSpan? retryAfter = RetryAfter(response.Headers.RetryAfter, time.GetUtcNow());
        string body = await ErrorBody.ReadAsync(response.Content, time, cancellation).ConfigureAwait(false);
        throw new SseResponseException(response, body, retryAfter);
    }

    private static TimeSpan? RetryAfter(RetryConditionHeaderValue? header, DateTimeOffset now)
    {
        TimeSpan? wait = header?.Delta ?? header?.Date - now;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
