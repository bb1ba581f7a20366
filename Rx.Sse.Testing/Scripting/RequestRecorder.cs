namespace Rx.Sse.Testing.Scripting;

/// <summary>Takes down a request while it is there: its message and its body are disposed of later.</summary>
internal static class RequestRecorder
{
    private const string LastEventId = "Last-Event-ID";

    /// <summary>Completes on the spot where the body is there already, as those of .NET are.</summary>
    public static async Task<SseTestRequest> RecordAsync(HttpRequestMessage request, TimeSpan time)
    {
        string body = request.Content is { } content ? await content.ReadAsStringAsync().ConfigureAwait(false) : "";
        Dictionary<string, string> headers = request.Headers
            .Concat(request.Content?.Headers.AsEnumerable() ?? [])
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);

        return new SseTestRequest
        {
            Time = time,
            Method = request.Method,
            Address = request.RequestUri!,
            LastEventId = headers.TryGetValue(LastEventId, out string? id) ? id : "",
            Body = body,
            Headers = headers,
        };
    }
}
