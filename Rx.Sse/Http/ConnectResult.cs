namespace Rx.Sse.Http;

/// <summary>
/// The result of an attempt to connect: a response, an error, or neither. Neither comes from the connector if
/// <c>SseOptions.Resend</c> forbids sending the message, and from an outage if the stream completes.
/// </summary>
/// <param name="Response">The response, which is an open event stream, or has the status 204.</param>
/// <param name="Error">The reason why there is no response.</param>
internal readonly record struct ConnectResult(HttpResponseMessage? Response, Exception? Error);
