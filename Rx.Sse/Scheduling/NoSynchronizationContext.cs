namespace Rx.Sse.Scheduling;

/// <summary>
/// Hides the thread's synchronization context for a while. The runtime resumes an awaiter where the event happened
/// only if the thread has none, and virtual time is deterministic only if everything does resume there.
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
