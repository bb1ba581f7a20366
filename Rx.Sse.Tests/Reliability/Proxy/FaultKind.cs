namespace Rx.Sse.Tests.Reliability.Proxy;

/// <summary>What happens to a connection.</summary>
internal enum FaultKind
{
    /// <summary>RST: whatever is on its way may be lost, and the client's read fails.</summary>
    Reset,

    /// <summary>FIN: the client reads what was sent, and then the end.</summary>
    Close,

    /// <summary>Half-open: no byte and no FIN comes any more, however long the client waits.</summary>
    Stall,

    /// <summary>A reset, and nobody listens until <see cref="FaultProxy.ListenAsync"/>.</summary>
    Refuse,

    /// <summary>The next bytes come one at a time.</summary>
    Drip,

    /// <summary>The next bytes come in one lump, when all of them are there.</summary>
    HoldBack,
}

internal static class FaultKindExtensions
{
    /// <summary>Whether the connection is no use any more.</summary>
    public static bool IsCut(this FaultKind kind) => kind is not (FaultKind.Drip or FaultKind.HoldBack);
}
