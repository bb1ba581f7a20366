using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Rx.Sse;

/// <summary>Represents a connection that has been opened: the server has answered with an event stream.</summary>
/// <remarks>
/// Two instances are equal if their status and address are equal. Headers are not compared, because they differ with
/// almost every response.
/// </remarks>
public sealed record SseOpened : SseSignal
{
    /// <summary>Gets the status of the response.</summary>
    public HttpStatusCode StatusCode { get; init; } = HttpStatusCode.OK;

    /// <summary>Gets the address that answered, after redirects; <see langword="null"/> if it is not known.</summary>
    public Uri? Address { get; init; }

    /// <summary>Gets the headers of the response, without those of its content.</summary>
    /// <remarks><see langword="null"/> only if an instance is created without them, for example in a test.</remarks>
    public HttpResponseHeaders? Headers { get; init; }

    /// <inheritdoc/>
    public bool Equals(SseOpened? other) =>
        other is not null && StatusCode == other.StatusCode && Equals(Address, other.Address);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)StatusCode ^ (Address?.GetHashCode() ?? 0);

    /// <summary>Appends the status and the address to a text.</summary>
    /// <remarks>Headers are left out, because they may contain secrets such as cookies.</remarks>
    protected override bool PrintMembers(StringBuilder builder)
    {
        Throw.IfNull(builder);
        builder.Append("StatusCode = ").Append(StatusCode).Append(", Address = ").Append(Address);
        return true;
    }
}
