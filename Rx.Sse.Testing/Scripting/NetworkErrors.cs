using System.Net.Sockets;

namespace Rx.Sse.Testing.Scripting;

/// <summary>
/// Network failures of the same types as those of .NET's own handlers, with the same words on every system.
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

    /// <param name="missing">How many bytes the head has promised that did not come.</param>
    public static IOException ResponseEnded(long missing)
    {
        string message = $"The response ended prematurely, with at least {missing} additional bytes expected.";
#if NET
        return new HttpIOException(HttpRequestError.ResponseEnded, message);
#else
        return new IOException(message);
#endif
    }

    public static IOException ConnectionReset() => new("Connection reset by peer", new SocketException((int)SocketError.ConnectionReset));
}
