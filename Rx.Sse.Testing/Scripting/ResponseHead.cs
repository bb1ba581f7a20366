using System.Net;

namespace Rx.Sse.Testing.Scripting;

/// <summary>The status and the headers with which a scripted server answers.</summary>
internal sealed record ResponseHead(HttpStatusCode Status, string? ContentType, (string Name, string Value)[] Headers)
{
    public ResponseHead With(HttpStatusCode status) => (int)status is >= 100 and <= 999
        ? this with { Status = status }
        : throw new ArgumentOutOfRangeException(nameof(status), status, "A status has three digits.");

    public ResponseHead With(string name, string value)
    {
        if (string.Equals(name, "Content-Type", StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException("The content type is set by WithContentType.", nameof(name));
        using var probe = new HttpResponseMessage { Content = new ByteArrayContent([]) };
        return TryAdd(probe, name, value)
            ? this with { Headers = [.. Headers, (name, value)] }
            : throw new ArgumentException($"'{name}' is not the name of a response header.", nameof(name));
    }

    public HttpResponseMessage CreateResponse(HttpRequestMessage request, Stream body)
    {
        var response = new HttpResponseMessage(Status) { RequestMessage = request, Content = new StreamContent(body) };
        if (ContentType is not null)
            response.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
        foreach ((string name, string value) in Headers)
            TryAdd(response, name, value);
        return response;
    }

    private static bool TryAdd(HttpResponseMessage response, string name, string value) =>
        response.Headers.TryAddWithoutValidation(name, value) || response.Content.Headers.TryAddWithoutValidation(name, value);
}
