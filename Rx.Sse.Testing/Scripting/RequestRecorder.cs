using System.Net.Http.Headers;
using System.Text;

namespace Rx.Sse.Testing.Scripting;

/// <summary>Takes down a request while it is there: its message and its body are disposed of later.</summary>
internal static class RequestRecorder
{
    private const string LastEventId = "Last-Event-ID";

    /// <exception cref="SseScriptException">Its body is not there yet.</exception>
    public static SseTestRequest Record(HttpRequestMessage request, TimeSpan time)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        AddTo(headers, request.Headers);
        if (request.Content is not null)
            AddTo(headers, request.Content.Headers);

        return new SseTestRequest
        {
            Time = time,
            Method = request.Method,
            Address = request.RequestUri!,
            LastEventId = headers.TryGetValue(LastEventId, out string? id) ? id : "",
            Body = request.Content is null ? "" : Read(request.Content),
            Headers = headers,
        };
    }

    private static string Read(HttpContent content)
    {
        Task<byte[]> body = content.ReadAsByteArrayAsync();
        if (!body.IsCompleted)
            throw new SseScriptException($"The body of the request is not there at once, and virtual time cannot wait for it. Give the {content.GetType().Name} bytes that are in memory.");
        return EncodingOf(content).GetString(body.GetAwaiter().GetResult());
    }

    private static Encoding EncodingOf(HttpContent content)
    {
        try
        {
            return Encoding.GetEncoding(content.Headers.ContentType?.CharSet?.Trim('"') ?? "utf-8");
        }
        catch (ArgumentException)
        {
            return Encoding.UTF8;
        }
    }

    private static void AddTo(Dictionary<string, string> headers, HttpHeaders added)
    {
#if NET
        foreach ((string name, HeaderStringValues values) in added.NonValidated)
            Add(name, values.ToString());
#else
        foreach (KeyValuePair<string, IEnumerable<string>> header in added)
            Add(header.Key, string.Join(header.Key == "User-Agent" ? " " : ", ", header.Value));
#endif

        void Add(string name, string value) => headers[name] = headers.TryGetValue(name, out string? before) ? $"{before}, {value}" : value;
    }
}
