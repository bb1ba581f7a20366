using Microsoft.Extensions.Logging;

namespace Rx.Sse.Tests.Stress;

/// <summary>
/// Counts the running subscriptions. Each logs one end, after everything that it held has been returned.
/// </summary>
internal sealed class LoopLog : ILogger
{
    private const int Completed = 4;
    private const int Disposed = 6;

    public Gauge Loops { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState,
        Exception?,
        string> formatter)
    {
        if (eventId.Id is >= Completed and <= Disposed)
            Loops.Decrement();
    }
}
