namespace Rx.Sse.Scheduling;

/// <summary>
/// Removes the synchronization context of the thread until it is disposed. Only without one does the runtime resume an
/// awaiter inline, on the thread that completes the task, which makes virtual time deterministic.
/// </summary>
internal readonly ref struct NoSynchronizationContext
{
    private readonly SynchronizationContext? _hidden;

    private NoSynchronizationContext(SynchronizationContext? hidden) => _hidden = hidden;

    public static NoSynchronizationContext Enter()
    {
        SynchronizationContext? current = SynchronizationContext.Current;
        if (current is not null)
            SynchronizationContext.SetSynchronizationContext(null);
        return new NoSynchronizationContext(current);
    }

    public void Dispose()
    {
        if (_hidden is not null)
            SynchronizationContext.SetSynchronizationContext(_hidden);
    }
}
