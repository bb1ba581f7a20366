using System.Net;

namespace Rx.Sse.Tests;

/// <summary>Exceptions as .NET's handlers throw them, with the status or the error only in the message.</summary>
internal static class HttpErrors
{
    public static HttpRequestException WithStatus(HttpStatusCode status, string message) =>
        new($"{message} ({(int)status})");

    public static HttpRequestException WithError(HttpRequestError error, string message, Exception inner) =>
        new($"{message} ({error})", inner);
}
