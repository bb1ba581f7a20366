using System.Net;
using System.Net.Sockets;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rx.Sse;
using Rx.Sse.Tests.NativeAot;

// Two connections: the first is cut in the middle of an event, the second brings the rest.
string[] answers =
[
    "retry: 1\n\nid: 1\ndata: {\"symbol\":\"A\",\"price\":1.5}\n\nid: 2\ndata: {\"sym",
    "id: 2\ndata: {\"symbol\":\"B\",\ndata: \"price\":2}\n\n",
];

using var listener = new TcpListener(IPAddress.Loopback, 0);
listener.Start();
Task<string[]> serving = ServeAsync(listener, answers);

using var client = new HttpClient();
IList<Tick?> ticks = await Observable
    .FromSse(client, $"http://{listener.LocalEndpoint}/", e => JsonSerializer.Deserialize(e.Data, TickJson.Default.Tick))
    .Take(2)
    .Timeout(TimeSpan.FromSeconds(30))
    .ToList()
    .ToTask();
string[] requests = await serving;

bool isRight = ticks.SequenceEqual([new Tick("A", 1.5m), new Tick("B", 2)])
    && !requests[0].Contains("Last-Event-ID", StringComparison.Ordinal)
    && requests[1].Contains("Last-Event-ID: 1\r\n", StringComparison.Ordinal);
Console.WriteLine(isRight ? $"Received {ticks[0]} and {ticks[1]}, across a drop." : "That is not what was sent.");
return isRight ? 0 : 1;

static async Task<string[]> ServeAsync(TcpListener listener, string[] answers)
{
    var requests = new List<string>();
    foreach (string answer in answers)
    {
        using Socket socket = await listener.AcceptSocketAsync();
        byte[] request = new byte[4096];
        int length = await socket.ReceiveAsync(request);
        requests.Add(Encoding.ASCII.GetString(request, 0, length));
        await socket.SendAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n{answer}"));
        socket.Shutdown(SocketShutdown.Send);
        await socket.ReceiveAsync(request);
    }

    return [.. requests];
}

namespace Rx.Sse.Tests.NativeAot
{
    internal sealed record Tick(string Symbol, decimal Price);

    [JsonSerializable(typeof(Tick))]
    [JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
    internal sealed partial class TickJson : JsonSerializerContext;
}
