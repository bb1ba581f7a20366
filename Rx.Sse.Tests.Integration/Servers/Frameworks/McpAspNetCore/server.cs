// A server for the Model Context Protocol, like the one on Node: a POST calls a tool, and the response is a stream of
// what the tool reports. After a broken connection, a GET resumes the stream from the event store.
#:sdk Microsoft.NET.Sdk.Web
#:package ModelContextProtocol.AspNetCore@2.4.0
#:property PublishAot=false
// The protocol revision 2026-07-28 has neither sessions nor resumable streams.
#:property NoWarn=MCP9006

using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

Event[] history =
[
    .. File.ReadLines(Environment.GetEnvironmentVariable("EVENTS")!)
        .Select(line => JsonSerializer.Deserialize<Event>(line, JsonSerializerOptions.Web)!),
];

WebApplicationBuilder builder = WebApplication.CreateBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddSingleton<ISessionMigrationHandler, Sessions>();
builder.Services.AddMcpServer()
    .WithHttpTransport(options =>
    {
        options.Stateless = false;
        options.EventStreamStore = new EventStore(history);
    })
    .WithTools([McpServerTool.Create(WatchAsync, new McpServerToolCreateOptions { Name = "watch" })]);
WebApplication app = builder.Build();
app.MapMcp();
app.Run($"http://127.0.0.1:{Environment.GetEnvironmentVariable("PORT")}");

async Task WatchAsync(RequestContext<CallToolRequestParams> context, CancellationToken cancellation)
{
    foreach (Event e in history)
        await context.Server.SendMessageAsync(e.ToMessage(), cancellation);
    await Task.Delay(Timeout.Infinite, cancellation);
}

internal sealed record Event(string Id, string Type, string Data)
{
    public JsonRpcNotification ToMessage() => new()
    {
        Method = "notifications/message",
        Params = new JsonObject { ["level"] = "info", ["data"] = Data },
    };
}

// Sessions survive a restart of the process, because they have no state except the history.
internal sealed class Sessions : ISessionMigrationHandler
{
    private static readonly InitializeRequestParams Client = new()
    {
        ProtocolVersion = "2025-11-25",
        Capabilities = new ClientCapabilities(),
        ClientInfo = new Implementation { Name = "client", Version = "1.0.0" },
    };

    public ValueTask OnSessionInitializedAsync(
        HttpContext context,
        string sessionId,
        InitializeRequestParams initialization,
        CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask<InitializeRequestParams?> AllowSessionMigrationAsync(
        HttpContext context, string sessionId, CancellationToken cancellation) => new(Client);
}

// The SDK asks the store for the ID of each event before it sends the event.
internal sealed class EventStore(Event[] history) : ISseEventStreamStore
{
    public ValueTask<ISseEventStreamWriter> CreateStreamAsync(
        SseEventStreamOptions options, CancellationToken cancellation) => new(new Writer(history));

    public ValueTask<ISseEventStreamReader?> GetStreamReaderAsync(
        string lastEventId, CancellationToken cancellation) => new(new Reader(history, lastEventId));

    private sealed class Writer(Event[] history) : ISseEventStreamWriter
    {
        public ValueTask SetModeAsync(SseEventStreamMode mode, CancellationToken cancellation) =>
            ValueTask.CompletedTask;

        // The first event of a stream has no message.
        public ValueTask<SseItem<JsonRpcMessage?>> WriteEventAsync(
            SseItem<JsonRpcMessage?> item, CancellationToken cancellation)
        {
            string? data = (item.Data as JsonRpcNotification)?.Params?["data"]?.GetValue<string>();
            return new(item with { EventId = history.FirstOrDefault(e => e.Data == data)?.Id ?? "begin" });
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Reader(Event[] history, string lastEventId) : ISseEventStreamReader
    {
        public string SessionId => "prices";

        public string StreamId => "prices";

        public async IAsyncEnumerable<SseItem<JsonRpcMessage?>> ReadEventsAsync(
            [EnumeratorCancellation] CancellationToken cancellation)
        {
            foreach (Event e in history.Skip(Array.FindIndex(history, e => e.Id == lastEventId) + 1))
                yield return new SseItem<JsonRpcMessage?>(e.ToMessage()) { EventId = e.Id };
            await Task.Delay(Timeout.Infinite, cancellation);
        }
    }
}
