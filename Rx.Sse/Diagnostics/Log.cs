using Microsoft.Extensions.Logging;

namespace Rx.Sse.Diagnostics;

/// <summary>
/// The log messages. They contain nothing that may be secret: no query, user info, header value or event data, and of
/// an exception only the type, because its message may contain anything.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "Connecting to {Address}.")]
    public static partial void Connecting(ILogger logger, string address);

    [LoggerMessage(2, LogLevel.Information, "The event stream of {Address} is open.")]
    public static partial void Opened(ILogger logger, string address);

    [LoggerMessage(3, LogLevel.Warning,
        "The event stream of {Address} is lost ({Reason}). Attempt {Attempt} follows in {DelaySeconds} s.")]
    public static partial void Disconnected(
        ILogger logger, string address, string reason, int attempt, double delaySeconds);

    [LoggerMessage(4, LogLevel.Information, "The event stream of {Address} is complete.")]
    public static partial void Completed(ILogger logger, string address);

    [LoggerMessage(5, LogLevel.Error, "The event stream of {Address} has failed ({Reason}).")]
    public static partial void Failed(ILogger logger, string address, string reason);

    [LoggerMessage(6, LogLevel.Debug, "The event stream of {Address} was disposed of.")]
    public static partial void Disposed(ILogger logger, string address);

    [LoggerMessage(7, LogLevel.Warning,
        "The client of {Address} does not send event IDs beyond ASCII; the server can't know where to resume. "
        + "See SseRequest.HeaderEncoding.")]
    public static partial void LastEventIdNotSent(ILogger logger, string address);
}
