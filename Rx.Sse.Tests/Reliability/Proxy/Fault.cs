namespace Rx.Sse.Tests.Reliability.Proxy;

/// <summary>What a <see cref="FaultProxy"/> does to a connection, and where in the responses.</summary>
internal sealed record Fault(FaultKind Kind, FaultPlace Place)
{
    /// <summary>How many whole events are let through before.</summary>
    public int AfterEvents { get; init; }

    /// <summary>How many borders between two bytes that are such a place are let pass before.</summary>
    public int Skip { get; init; }

    /// <summary>How many bytes are dripped or held back.</summary>
    public int Length { get; init; }

    /// <summary>What to wait for, once the place is reached.</summary>
    public Func<Task>? When { get; init; }

    /// <summary>What to do once it has happened and has been counted.</summary>
    public Action? Then { get; init; }

    public override string ToString() => $"{Kind} {Place}";
}
