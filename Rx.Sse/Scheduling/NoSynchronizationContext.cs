namespace Rx.Sse.Scheduling;

/// <summary>
/// Hides the thread's synchronization context for a while. Only without one does the runtime resume an awaiter on the
/// thread where the event happened, which makes virtual time deterministic.
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
