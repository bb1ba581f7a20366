using System.Net.Sockets;

namespace Rx.Sse.Testing.Scripting;

/// <summary>
/// Creates network errors of the same types as those of .NET's own handlers, with the same messages on every system.
/// </summary>
internal static class NetworkErrors
{
    public static HttpRequestException ConnectionRefused()
    {
        const string Message = "Connection refused";
        var cause = new SocketException((int)SocketError.ConnectionRefused);
#if NET
        return new HttpRequestException(HttpRequestError.ConnectionError, Message, cause);
#else
        return new HttpRequestException(Message, cause);
#endif
    }

    /// <summary>Returns the error of a request whose connection has broken before the response.</summary>
    public static HttpRequestException BeforeResponse(IOException cause)
    {
        const string Message = "An error occurred while sending the request.";
#if NET
        HttpRequestError error = (cause as HttpIOException)?.HttpRequestError ?? HttpRequestError.Unknown;
        return new HttpRequestException(error, Message, cause);
#else
        return new HttpRequestException(Message, cause);
#endif
    }

    public static IOException NoResponse() => Ended("The response ended prematurely.");

    /// <param name="missing">The number of bytes that the head has announced but that did not arrive.</param>
    public static IOException ResponseEnded(long missing) =>
        Ended($"The response ended prematurely, with at least {missing} additional bytes expected.");

    public static IOException ConnectionReset() =>
        new("Connection reset by peer", new SocketException((int)SocketError.ConnectionReset));

#if NET
    private static HttpIOException Ended(string message) => new(HttpRequestError.ResponseEnded, message);
#else
    private static IOException Ended(string message) => new(message);
#endif
}
