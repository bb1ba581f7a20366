#:sdk Microsoft.NET.Sdk.Web
#:property PublishAot=false

using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

Event[] history =
[
    .. File.ReadLines(Environment.GetEnvironmentVariable("EVENTS")!)
        .Select(line => JsonSerializer.Deserialize<Event>(line, JsonSerializerOptions.Web)!),
];

WebApplicationBuilder builder = WebApplication.CreateBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
WebApplication app = builder.Build();
app.MapGet("/", (HttpRequest request, CancellationToken gone) =>
    TypedResults.ServerSentEvents(StreamAsync(request.Headers["Last-Event-ID"].ToString(), gone)));
app.Run($"http://127.0.0.1:{Environment.GetEnvironmentVariable("PORT")}");

async IAsyncEnumerable<SseItem<string>> StreamAsync(
    string lastEventId, [EnumeratorCancellation] CancellationToken gone)
{
    foreach (Event e in history.Skip(Array.FindIndex(history, e => e.Id == lastEventId) + 1))
        yield return new SseItem<string>(e.Data, e.Type) { EventId = e.Id };
    await Task.Delay(Timeout.Infinite, gone);
}

internal sealed record Event(string Id, string Type, string Data);
