namespace Rx.Sse.Tests.Reliability.Proxy;

/// <summary>What happens to a connection.</summary>
internal enum FaultKind
{
    /// <summary>RST: data in transit may be lost, and the client's read fails.</summary>
    Reset,

    /// <summary>FIN: the client reads what was sent, and then the end of the stream.</summary>
    Close,

    /// <summary>Half-open: neither a byte nor a FIN arrives, however long the client waits.</summary>
    Stall,

    /// <summary>A reset. The proxy does not listen until <see cref="FaultProxy.ListenAsync"/> is called.</summary>
    Refuse,

    /// <summary>The next bytes arrive one at a time.</summary>
    Drip,

    /// <summary>The next bytes are held back and arrive all at once.</summary>
    HoldBack,
}

internal static class FaultKindExtensions
{
    /// <summary>Whether the connection can no longer be used.</summary>
    public static bool IsCut(this FaultKind kind) => kind is not (FaultKind.Drip or FaultKind.HoldBack);
}
