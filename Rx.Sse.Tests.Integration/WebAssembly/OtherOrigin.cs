using Microsoft.AspNetCore.Components.WebAssembly.Http;

namespace Rx.Sse.Tests.Integration.WebAssembly;

/// <summary>The example of docs/clients.md for a server of another origin.</summary>
internal static class OtherOrigin
{
    public static (SseRequest Request, SseOptions Options) ResumeByAddress(string url)
    {
        SseRequest request = SseRequest.Create(attempt =>
        {
            var message = new HttpRequestMessage(
                HttpMethod.Get, $"{url}?after={Uri.EscapeDataString(attempt.LastEventId)}");
            message.SetBrowserRequestCredentials(BrowserRequestCredentials.Include);
            return message;
        });
        var options = new SseOptions { SendLastEventId = false };
        return (request, options);
    }
}
