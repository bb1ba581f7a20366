namespace Rx.Sse.Testing;

/// <summary>Represents a request that a <see cref="SseTestServer"/> has received.</summary>
/// <remarks>
/// Two instances are equal if their time, method, address, last event ID and body are equal. <see cref="Headers"/> are
/// not compared: assert separately those that matter.
/// </remarks>
public sealed record SseTestRequest
{
    /// <summary>Gets the time of the request, from the creation of the server.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>Gets the method. Default: GET.</summary>
    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>Gets the absolute address.</summary>
    public required Uri Address { get; init; }

    /// <summary>Gets the value of <c>Last-Event-ID</c>; empty if there is none.</summary>
    public string LastEventId { get; init; } = "";

    /// <summary>Gets the body, as text; empty if there is none.</summary>
    public string Body { get; init; } = "";

    /// <summary>Gets all headers, including those of the content.</summary>
    /// <remarks>Names are not case-sensitive. Several values of a header are joined as they are sent.</remarks>
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
