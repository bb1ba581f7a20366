using System.Net;
using Rx.Sse.Headers;

namespace Rx.Sse.Http;

/// <summary>Checks whether a response is an event stream (WHATWG HTML, section 9.2.3).</summary>
internal static class ResponseCheck
{
    /// <summary>
    /// Returns the reason to refuse a response; null if it is an event stream, or has the status 204. The body of a
    /// refused response is read, within limits, because it may explain the error, unless it is an event stream.
    /// </summary>
    public static async Task<SseException?> ErrorOfAsync(
        HttpResponseMessage response, SseOptions options, TimeProvider time, CancellationToken cancellation)
    {
        if (response.StatusCode == HttpStatusCode.NoContent)
            return null;
        string? message;
        try
        {
            message = options.ShouldAcceptResponse(response)
                ? ResponseHeaders.DescribeEncoding(response)
                : ResponseHeaders.Describe(response);
        }
        catch (Exception exception)
        {
            return new SseException("ShouldAcceptResponse failed.", exception);
        }

        if (message is null)
            return null;
        TimeSpan? retryAfter = ResponseHeaders.RetryAfter(response.Headers, time.GetUtcNow());
        string body = ResponseHeaders.IsEventStream(response)
            ? ""
            : await ErrorBody.ReadAsync(response, time, cancellation).ConfigureAwait(false);
        return new SseResponseException(message, response, body, retryAfter);
    }
}
