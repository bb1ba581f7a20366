using Rx.Sse.Tests.Reliability.Proxy;

namespace Rx.Sse.Tests.Reliability.Replay;

/// <summary>What was done to streams, and what they noticed.</summary>
internal sealed class FaultCounts
{
    private int _connections;

    /// <summary>The faults that the proxies injected.</summary>
    public Tally<(FaultKind Kind, FaultPlace Place)> Injected { get; } = new();

    /// <summary>How the server ended responses on its own account.</summary>
    public Tally<string> Ends { get; } = new();

    /// <summary>Why connections were lost or could not be opened: a <see cref="LossReason"/>.</summary>
    public Tally<string> Losses { get; } = new();

    /// <summary>The connections that got as far as an event stream.</summary>
    public int Connections => _connections;

    public void AddConnection() => Interlocked.Increment(ref _connections);
}
