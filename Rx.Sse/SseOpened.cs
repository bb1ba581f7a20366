using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Rx.Sse;

/// <summary>The server has answered with an event stream; its events follow.</summary>
/// <remarks>Two of them are equal when status and address are: the headers of two responses are hardly ever the same.</remarks>
public sealed record SseOpened : SseSignal
{
    /// <summary>The status of the response.</summary>
    public HttpStatusCode StatusCode { get; init; } = HttpStatusCode.OK;

    /// <summary>The address that answered, after redirects; <see langword="null"/> if the handler does not tell.</summary>
    public Uri? Address { get; init; }

    /// <summary>The headers of the response, without those of its content; <see langword="null"/> only if you make one yourself.</summary>
    public HttpResponseHeaders? Headers { get; init; }

    /// <inheritdoc/>
    public bool Equals(SseOpened? other) => other is not null && StatusCode == other.StatusCode && Equals(Address, other.Address);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)StatusCode ^ (Address?.GetHashCode() ?? 0);

    /// <summary>Status and address in a line. Headers may have secrets, such as cookies.</summary>
    protected override bool PrintMembers(StringBuilder builder)
    {
        Throw.IfNull(builder);
        builder.Append("StatusCode = ").Append(StatusCode).Append(", Address = ").Append(Address);
        return true;
    }
}
