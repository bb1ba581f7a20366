namespace Rx.Sse.Http;

/// <summary>What has come of an attempt to connect: a response, or why there is none.</summary>
internal readonly struct ConnectResult
{
    public ConnectResult(HttpResponseMessage response) => Response = response;

    public ConnectResult(Exception? error) => Error = error;

    /// <summary>The message was not sent, because it is not safe and may not be sent again.</summary>
    public static ConnectResult MayNotBeSent => default;

    /// <summary>An open event stream, or a response that says there is none to come (204).</summary>
    public HttpResponseMessage? Response { get; }

    /// <summary>Why nothing is open.</summary>
    public Exception? Error { get; }
}
