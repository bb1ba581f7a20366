namespace Rx.Sse.Tests.Reliability.Proxy;

/// <summary>
/// Decides the next fault of a connection. It is called when a connection starts, and again after each fault that the
/// connection survives. Null means no fault.
/// </summary>
internal delegate Fault? FaultPlan(bool isNewConnection);

internal static class FaultPlans
{
    /// <summary>The places to cut a body after some events.</summary>
    private static readonly FaultPlace[] InBody =
        [
            FaultPlace.InChunkHead, FaultPlace.InChunk, FaultPlace.InCharacter, FaultPlace.InEvent,
            FaultPlace.BetweenEvents,
        ];

    private static readonly FaultPlace[] AtStart =
        [FaultPlace.BeforeHeaders, FaultPlace.InHeaders, FaultPlace.BetweenEvents];

    /// <summary>How often each kind occurs. Slow kinds are less frequent.</summary>
    private static readonly FaultKind[] Kinds =
    [
        .. Enumerable.Repeat(FaultKind.Reset, 6), .. Enumerable.Repeat(FaultKind.Close, 6), .. Enumerable.Repeat(
            FaultKind.Refuse, 2),
        .. Enumerable.Repeat(FaultKind.Drip, 2), .. Enumerable.Repeat(FaultKind.HoldBack, 2), FaultKind.Stall,
    ];

    /// <summary>One fault for each of the first connections, and none for later ones.</summary>
    public static FaultPlan InOrder(params IEnumerable<Fault?> faults)
    {
        var queue = new Queue<Fault?>(faults);
        return isNewConnection =>
        {
            lock (queue)
                return isNewConnection && queue.TryDequeue(out Fault? fault) ? fault : null;
        };
    }

    /// <summary>
    /// Every kind of fault at every place, after one to <paramref name="maxEvents"/> events or at the start of a
    /// connection, chosen at random from a seed.
    /// </summary>
    public static FaultPlan Random(int seed, int maxEvents, bool stalls = true)
    {
        var random = new Random(seed);
        return isNewConnection =>
        {
            lock (random)
            {
                bool isAtStart = isNewConnection && random.Next(5) == 0;
                FaultPlace[] places = isAtStart ? AtStart : InBody;
                return new Fault(
                    Kinds[random.Next(stalls ? Kinds.Length : Kinds.Length - 1)], places[random.Next(places.Length)])
                {
                    AfterEvents = isAtStart ? 0 : random.Next(1, maxEvents + 1),
                    Skip = random.Next(4),
                    Length = random.Next(10, 50),
                };
            }
        };
    }
}
