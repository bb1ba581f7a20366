using System.Net;

namespace Rx.Sse.Tests;

/// <summary>Exceptions as .NET's handlers throw them.</summary>
internal static class HttpErrors
{
    public static HttpRequestException WithStatus(HttpStatusCode status, string message) => new(message, null, status);

    public static HttpRequestException WithError(HttpRequestError error, string message, Exception inner) =>
        new(error, message, inner);
}
