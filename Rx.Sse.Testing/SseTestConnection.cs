namespace Rx.Sse.Testing;

/// <summary>Represents a connection to a <see cref="SseTestServer"/>, and how it ended.</summary>
/// <remarks>Compared by value. Times count from the creation of the server.</remarks>
public sealed record SseTestConnection
{
    /// <summary>Gets the time of the response headers; <see langword="null"/> if there are none yet.</summary>
    public TimeSpan? Opened { get; init; }

    /// <summary>Gets the time of the end; <see langword="null"/> if the connection is not closed.</summary>
    public TimeSpan? Closed { get; init; }

    /// <summary>Gets the side that has closed it; <see langword="null"/> if it is not closed.</summary>
    public SseClosedBy? ClosedBy { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        (Opened is { } opened ? $"opened at {opened}" : "not answered")
            + (Closed is { } closed ? $", closed at {closed} by the {ClosedBy}" : ", not closed");
}
