namespace Rx.Sse.Testing;

/// <summary>A request as a <see cref="SseTestServer"/> got it.</summary>
/// <remarks>
/// Two of them are equal when time, method, address, last event ID and body are. Other headers are left out: assert
/// those that matter by <see cref="Headers"/>.
/// </remarks>
public sealed record SseTestRequest
{
    /// <summary>When it came, from when the server was made.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>The method; GET by default.</summary>
    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>The absolute address.</summary>
    public required Uri Address { get; init; }

    /// <summary>The value of <c>Last-Event-ID</c>; empty if there was none.</summary>
    public string LastEventId { get; init; } = "";

    /// <summary>The body, as text; empty if there was none.</summary>
    public string Body { get; init; } = "";

    /// <summary>
    /// All headers, those of the body too, by name in any case. Where a header has several values, they are joined as
    /// they are sent.
    /// </summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <inheritdoc/>
    public bool Equals(SseTestRequest? other) =>
        other is not null && Time == other.Time && Method == other.Method && Address == other.Address
        && LastEventId == other.LastEventId && Body == other.Body;

    /// <inheritdoc/>
    public override int GetHashCode() => Time.GetHashCode() ^ (Address?.GetHashCode() ?? 0);

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Method} {Address} at {Time}"
            + (LastEventId.Length > 0 ? $", Last-Event-ID '{LastEventId}'" : "")
            + (Body.Length > 0 ? $", body '{Body}'" : "");
}
