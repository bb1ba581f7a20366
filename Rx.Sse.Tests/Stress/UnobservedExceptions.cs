using System.Collections.Concurrent;

namespace Rx.Sse.Tests.Stress;

/// <summary>Exceptions of tasks that nobody has looked at. The collector finds them.</summary>
internal sealed class UnobservedExceptions : IDisposable
{
    private readonly ConcurrentQueue<Exception> _found = [];

    public UnobservedExceptions()
    {
        // What other tests have left is not ours.
        Collect();
        TaskScheduler.UnobservedTaskException += Note;
    }

    /// <summary>All that there were since.</summary>
    public IReadOnlyCollection<Exception> Find()
    {
        Collect();
        return _found;
    }

    public void Dispose() => TaskScheduler.UnobservedTaskException -= Note;

    /// <summary>Also what is only let go of by the finalizers of other objects.</summary>
    private static void Collect()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private void Note(object? sender, UnobservedTaskExceptionEventArgs e) => _found.Enqueue(e.Exception);
}
