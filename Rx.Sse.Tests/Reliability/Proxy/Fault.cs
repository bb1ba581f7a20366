namespace Rx.Sse.Tests.Reliability.Proxy;

/// <summary>What a <see cref="FaultProxy"/> does to a connection, and where in the responses.</summary>
internal sealed record Fault(FaultKind Kind, FaultPlace Place)
{
    /// <summary>How many whole events to let through first.</summary>
    public int AfterEvents { get; init; }

    /// <summary>How many matching places to skip first.</summary>
    public int Skip { get; init; }

    /// <summary>How many bytes to drip or hold back.</summary>
    public int Length { get; init; }

    /// <summary>What to wait for when the place has been reached.</summary>
    public Func<Task>? When { get; init; }

    /// <summary>What to do after the fault has happened and has been counted.</summary>
    public Action? Then { get; init; }

    public override string ToString() => $"{Kind} {Place}";
}
