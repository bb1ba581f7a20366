using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Rx.Sse.Tests.Integration.Servers;

/// <summary>All servers of the folder Frameworks. The comments say what is unusual about their streams.</summary>
internal static class FrameworkServers
{
    public static IEnumerable<FrameworkServer> All { get; } =
    [
        // The data is JSON, and retry comes after it.
        FrameworkServer.Node("Fastify") with { TextOf = FromJson },

        // The type comes first; the ID comes after the data.
        FrameworkServer.Node("Hono"),

        // The ID, the type and retry come before the data.
        FrameworkServer.Node("H3"),

        // The data is JSON. Without IDs from the application, each connection counts from 0.
        FrameworkServer.Node("ExpressSse") with { TextOf = FromJson },

        // The first event is "connected", data is JSON, the ID comes after it, and two blank lines end an event.
        FrameworkServer.Node("Trpc") with
        {
            Request = url => $"{url}/events",
            EventType = "message",
            TextOf = FromJson,
            IsOfFramework = e => e.EventType == "connected",
        },

        // The stream is the response to a POST, starts with an event without data, and is resumed with a GET.
        FrameworkServer.Node("Mcp") with
        {
            Request = CallTool,
            EventType = "message",
            TextOf = FromNotification,
            IsOfFramework = e => e.Data.Length == 0,
        },

        // A blank line comes first.
        FrameworkServer.Node("NestJs"),

        // IDs are numbers, and a request without an ID gets no past events. A comment comes first.
        FrameworkServer.Node("SseChannel") with { IdOf = number => $"{number + 1}", FirstLastEventId = "0" },

        // Like the MCP server on Node, but the first event has the type "prime", and the ID comes after the data.
        FrameworkServer.DotNet("McpAspNetCore") with
        {
            Request = CallTool,
            EventType = "message",
            TextOf = FromNotification,
            IsOfFramework = e => e.EventType == "prime",
        },

        // The response has the header "Content-Encoding: identity". The ID comes after the data.
        FrameworkServer.DotNet("AspNetCore"),

        // Lines end with CRLF.
        FrameworkServer.Python("Starlette", "starlette, uvicorn"),

        // The response has no length and is not chunked, so a killed server looks the same in HTTP as the end of a
        // stream.
        FrameworkServer.Python("Django", "django"),

        // As with Django, and there is a comment every second.
        FrameworkServer.Php("Php"),

        // The content type has a charset parameter, like that of Starlette, PHP and sse-channel.
        FrameworkServer.Ruby("Sinatra", "sinatra/base puma"),
    ];

    private static string FromJson(string data) => JsonSerializer.Deserialize<string>(data)!;

    private static string FromNotification(string data)
    {
        using var message = JsonDocument.Parse(data);
        return message.RootElement.GetProperty("params").GetProperty("data").GetString()!;
    }

    private static SseRequest CallTool(string url) => SseRequest.Create(attempt =>
    {
        var message = new HttpRequestMessage(attempt.ConnectionCount == 0 ? HttpMethod.Post : HttpMethod.Get, url);
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        message.Headers.Add("MCP-Protocol-Version", "2025-11-25");
        message.Headers.Add("Mcp-Session-Id", "prices");
        if (message.Method == HttpMethod.Post)
        {
            message.Content = new StringContent(
                """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"watch"}}""",
                Encoding.UTF8,
                "application/json");
        }

        return message;
    });
}
