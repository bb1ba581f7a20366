using Rx.Sse.Tests.Reliability.Proxy;

namespace Rx.Sse.Tests.Reliability.Replay;

/// <summary>The faults of streams, and what the clients noticed.</summary>
internal sealed class FaultCounts
{
    private int _connections;

    /// <summary>The faults that the proxies injected.</summary>
    public Tally<(FaultKind Kind, FaultPlace Place)> Injected { get; } = new();

    /// <summary>How the server itself ended responses.</summary>
    public Tally<string> Ends { get; } = new();

    /// <summary>Why connections were lost or could not be opened: a <see cref="LossReason"/>.</summary>
    public Tally<string> Losses { get; } = new();

    /// <summary>The number of connections that reached an event stream.</summary>
    public int Connections => _connections;

    public void AddConnection() => Interlocked.Increment(ref _connections);
}
