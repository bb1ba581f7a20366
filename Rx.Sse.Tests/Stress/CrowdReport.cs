namespace Rx.Sse.Tests.Stress;

/// <summary>The results of a crowd.</summary>
internal sealed class CrowdReport
{
    private const int MostCollections = 3_000, MostCollectionsOnMono = 300, MostFurtherCrowds = 3;

    private static readonly bool IsMono = Type.GetType("Mono.Runtime") is not null;

    private readonly WeakReference[] _references;

    public CrowdReport(List<Visitor> visitors)
    {
        Visitors = visitors.Count;
        Notifications = visitors.Sum(visitor => (long)visitor.Observer.Received);
        Ended = visitors.Count(visitor => visitor.Observer.HasEnded);
        Late = visitors.Sum(visitor => visitor.Observer.Late);
        Faults =
        [
            .. visitors.SelectMany(visitor => visitor.Observer.Faults),
            .. visitors.Where(visitor => visitor.Observer.Late > visitor.MostLate).Select(visitor =>
                $"{visitor.Observer.Late} notifications after Dispose had returned"),
        ];
        Left = string.Join(", ", visitors.Where(visitor => visitor.HasReacted || visitor.Moment <= Moment.AnyTime)
            .GroupBy(visitor => visitor.Moment).OrderBy(group => group.Key)
            .Select(group => $"{group.Key} {group.Count()}"));
        _references = [.. visitors.Select(visitor => new WeakReference(visitor))];
    }

    public int Visitors { get; }

    public long Notifications { get; }

    /// <summary>How many subscribers were notified of an end before they left.</summary>
    public int Ended { get; }

    /// <summary>How many notifications were in progress when another thread disposed.</summary>
    public int Late { get; }

    public List<string> Faults { get; }

    /// <summary>How many subscribers left at each moment. The others stayed until the end.</summary>
    public string Left { get; }

    /// <summary>
    /// Returns how many subscriptions the garbage collector does not collect. Everything that they refer to is not
    /// collected either.
    /// </summary>
    public async Task<int> CountInMemoryAsync(CancellationToken hang)
    {
        // The last notification may just have been delivered, and still be on a thread's stack.
        int most = IsMono ? MostCollectionsOnMono : MostCollections;
        for (int i = 0; i < most && CountInMemory() > 0; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), hang);
            GC.Collect();
        }

        return CountInMemory();
    }

    /// <summary>
    /// Lets further crowds visit while Mono keeps a subscription of this one. Its garbage collector takes every word on
    /// a thread's stack for a reference, also one that an earlier call has left there. Other subscriptions overwrite
    /// such words, but not the reference of a leak. On .NET, nothing visits.
    /// </summary>
    public async Task VisitAgainOnMonoAsync(Func<Task<CrowdReport>> visit, CancellationToken hang)
    {
        for (int i = 0; IsMono && i < MostFurtherCrowds && await CountInMemoryAsync(hang) > 0; i++)
            Faults.AddRange((await visit()).Faults);
    }

    public override string ToString() =>
        $"{Visitors} subscriptions, {Notifications} notifications, {Ended} ends; left at the moments {Left}; {Late} "
            + "notifications were on their way when another thread disposed.";

    private int CountInMemory() => _references.Count(reference => reference.IsAlive);
}
