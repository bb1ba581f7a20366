using System.Net.Http.Headers;

namespace Rx.Sse.Http;

/// <summary>The request header that tells the server where to resume (WHATWG HTML, section 9.2.4).</summary>
internal static class LastEventIdHeader
{
    private const string Name = "Last-Event-ID";

    /// <summary>Adds it, unless there is no ID or the caller has set the header.</summary>
    public static void Add(HttpRequestHeaders headers, HttpRequestHeaders defaults, string lastEventId)
    {
        if (lastEventId.Length > 0 && !headers.Contains(Name) && !defaults.Contains(Name))
            headers.TryAddWithoutValidation(Name, lastEventId);
    }
}
