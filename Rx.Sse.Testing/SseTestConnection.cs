namespace Rx.Sse.Testing;

/// <summary>
/// What became of a connection. A record: compared by value. Times count from when the server was made.
/// </summary>
public sealed record SseTestConnection
{
    /// <summary>When the server answered with headers; <see langword="null"/> if it has not.</summary>
    public TimeSpan? Opened { get; init; }

    /// <summary>When it was over, answered or not; <see langword="null"/> if it is not.</summary>
    public TimeSpan? Closed { get; init; }

    /// <summary>Who ended it; <see langword="null"/> if it is open.</summary>
    public SseClosedBy? ClosedBy { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        (Opened is { } opened ? $"opened at {opened}" : "not answered")
            + (Closed is { } closed ? $", closed at {closed} by the {ClosedBy}" : ", not closed");
}
