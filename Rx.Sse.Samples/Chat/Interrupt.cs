using System.Runtime.InteropServices;

namespace Rx.Sse.Samples.Chat;

/// <summary>
/// Ctrl-C stops what is running; where nothing is, or it does not stop, it ends the program as everywhere else.
/// </summary>
internal sealed class Interrupt : IDisposable
{
    private readonly PosixSignalRegistration _registration;

    /// <summary>
    /// Stops what is running; null between one run and the next. Never disposed of: the signal comes at any time.
    /// </summary>
    private volatile CancellationTokenSource? _running;

    public Interrupt() => _registration = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
    {
        if (_running is { IsCancellationRequested: false } running)
        {
            signal.Cancel = true;
            _ = running.CancelAsync();
        }
    });

    public async Task RunAsync(Func<CancellationToken, Task> action)
    {
        _running = new CancellationTokenSource();
        try
        {
            await action(_running.Token);
        }
        finally
        {
            _running = null;
        }
    }

    public void Dispose() => _registration.Dispose();
}
