using System.Collections.Concurrent;

namespace Rx.Sse.Tests.Stress;

/// <summary>Unobserved exceptions of tasks. They are found by garbage collection.</summary>
internal sealed class UnobservedExceptions : IDisposable
{
    private readonly ConcurrentQueue<Exception> _found = [];

    public UnobservedExceptions()
    {
        // Ignores the exceptions of earlier tests.
        Collect();
        TaskScheduler.UnobservedTaskException += Note;
    }

    /// <summary>Returns all exceptions since this object was created.</summary>
    public IReadOnlyCollection<Exception> Find()
    {
        Collect();
        return _found;
    }

    public void Dispose() => TaskScheduler.UnobservedTaskException -= Note;

    /// <summary>Also collects what is only released by the finalizers of other objects.</summary>
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
