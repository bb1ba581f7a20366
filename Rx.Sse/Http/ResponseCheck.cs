using System.Net;
using Rx.Sse.Headers;

namespace Rx.Sse.Http;

/// <summary>Whether a response is an event stream (WHATWG HTML, section 9.2.3).</summary>
internal static class ResponseCheck
{
    /// <summary>
    /// Returns why a response is refused; null if it is an event stream, or says that there is none to come (204). Of a
    /// refused response the body is read, within limits, because it may explain the error; an event stream does not.
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
