namespace Rx.Sse.Http;

/// <summary>The result of an attempt to connect: a response, an error, or neither.</summary>
internal readonly struct ConnectResult
{
    public ConnectResult(HttpResponseMessage response) => Response = response;

    public ConnectResult(Exception? error) => Error = error;

    /// <summary>Gets the result for a message that was not sent, because <c>SseOptions.Resend</c> forbids it.</summary>
    public static ConnectResult MayNotBeSent => default;

    /// <summary>Gets the response, which is an open event stream, or has the status 204.</summary>
    public HttpResponseMessage? Response { get; }

    /// <summary>Gets the reason why there is no response.</summary>
    public Exception? Error { get; }
}
