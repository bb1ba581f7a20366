using Microsoft.Extensions.Logging;

namespace Rx.Sse.Diagnostics;

/// <summary>A logger whose failures are nobody's: a stream that works must not end because its log does not.</summary>
internal sealed class QuietLogger(ILogger? logger) : ILogger
{
    private static readonly QuietLogger None = new(null);

    public static QuietLogger Of(ILogger? logger) => logger is null ? None : new QuietLogger(logger);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => logger?.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel)
    {
        if (logger is null)
            return false;
        try
        {
            return logger.IsEnabled(logLevel);
        }
        catch (Exception)
        {
            return false;
        }
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            logger?.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception)
        {
            // There is no better place to tell it.
        }
    }
}
