using System.Net.Http.Headers;
using System.Text;

namespace Rx.Sse.Testing.Scripting;

/// <summary>Records a request while it is sent, because its message and its body are disposed of later.</summary>
internal static class RequestRecorder
{
    private const string LastEventId = "Last-Event-ID";

    /// <summary>.NET's handlers send these methods in upper case, however the client has written them.</summary>
    private static readonly HttpMethod[] KnownMethods =
    [
        .. new[] { "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH" }
            .Select(name => new HttpMethod(name)),
    ];

    /// <summary>Returns all headers by name, including those of the body.</summary>
    public static Dictionary<string, string> HeadersOf(HttpRequestMessage request)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        AddTo(headers, request.Headers);
        if (request.Content is not null)
            AddTo(headers, request.Content.Headers);
        return headers;
    }

    /// <exception cref="HttpRequestException">The body cannot be sent.</exception>
    /// <exception cref="SseScriptException">The body is not available yet.</exception>
    public static SseTestRequest Record(
        HttpRequestMessage request, IReadOnlyDictionary<string, string> headers, TimeSpan time)
    {
        return new SseTestRequest
        {
            Time = time,
            Method = KnownMethods.FirstOrDefault(known => known == request.Method) ?? request.Method,
            Address = request.RequestUri!,
            LastEventId = headers.TryGetValue(LastEventId, out string? id) ? id : "",
            Body = request.Content is { } content ? EncodingOf(content).GetString(HandlerRules.Serialize(content)) : "",
            Headers = headers,
        };
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

        void Add(string name, string value) =>
            headers[name] = headers.TryGetValue(name, out string? before) ? $"{before}, {value}" : value;
    }
}
