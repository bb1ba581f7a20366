using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Rx.Sse.Tests.Integration.Sockets;
using Rx.Sse.Tests.Reliability.Fuzzing;

namespace Rx.Sse.Tests.Integration.Browser;

/// <summary>
/// Sends the same recorded streams to several readers, and records the time and the last event ID of each request.
/// </summary>
internal sealed partial class RecordedStreamServer(IReadOnlyList<RecordedStream> streams, BrowserEngine engine)
    : IAsyncDisposable
{
    /// <summary>The last event ID before each stream. The stream may keep, replace or clear it.</summary>
    public const string IdBefore = "0";

    /// <summary>
    /// The event before every stream, on a separate connection, so that a browser does not wait 3 s after it. The
    /// stream itself keeps all its bytes as recorded, from the first one on.
    /// </summary>
    public static readonly ReportedEvent Prelude = new("message", "prelude", IdBefore);

    /// <summary>
    /// The number of host names under which the page reaches this server. Browsers open six connections to each.
    /// </summary>
    private const int Hosts = 8;

    /// <summary>Makes it likely that chunks arrive separately. No result depends on it.</summary>
    private static readonly TimeSpan BetweenChunks = TimeSpan.FromMilliseconds(2);

    private readonly ConcurrentDictionary<string, ConcurrentQueue<Visit>> _visits = new();
    private readonly TaskCompletionSource<ReportedEvent[][]> _report = new();
    private SocketServer? _server;

    public string Url => _server!.Url;

    /// <summary>What the page at that address reports about all streams.</summary>
    public Task<ReportedEvent[][]> Report => _report.Task;

    /// <summary>The path of a stream. Each reader has separate paths.</summary>
    public static string PathOf(string reader, int stream) => $"/{reader}/{stream}";

    public async Task StartAsync() => _server = await SocketServer.StartAsync(AnswerAsync);

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>The requests of that reader: for the prelude, for the stream, and after the stream.</summary>
    public IReadOnlyList<Visit> Visits(string reader, int stream) => [.. _visits[PathOf(reader, stream)]];

    /// <summary>The streams after which this reader has not reconnected yet.</summary>
    public IEnumerable<RecordedStream> Unfinished(string reader) =>
        streams.Where(
            (_, i) => _visits.TryGetValue(PathOf(reader, i), out ConcurrentQueue<Visit>? visits) && visits.Count < 3);

    private async Task AnswerAsync(HttpContext context)
    {
        switch (context.Request.Path.Value!.Trim('/').Split('/'))
        {
            case [""]:
                await Results.File(Repository.PathOf("Rx.Sse.Tests.Integration", "Browser", "page.html"), "text/html")
                    .ExecuteAsync(context);
                break;
            case ["streams"]:
                await context.Response.WriteAsJsonAsync(streams.Select((stream, i) => new
                {
                    url = new UriBuilder(Url) { Host = $"host{i % Hosts}.localhost", Path = PathOf("browser", i) }.Uri,
                    types = TypesIn(stream),
                    staysAway = engine.StaysAway(stream),
                }));
                break;
            case ["report"]:
                _report.SetResult((await context.Request.ReadFromJsonAsync<ReportedEvent[][]>())!);
                break;
            case ["failure"]:
                using (var reader = new StreamReader(context.Request.Body))
                    _report.SetException(new InvalidOperationException(await reader.ReadToEndAsync()));
                break;
            case [_, var index] when int.TryParse(index, CultureInfo.InvariantCulture, out int stream):
                await ReplayAsync(context, streams[stream]);
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }

    private async Task ReplayAsync(HttpContext context, RecordedStream stream)
    {
        ConcurrentQueue<Visit> visits = _visits.GetOrAdd(context.Request.Path.Value!, _ => new());
        context.Response.Headers.AccessControlAllowOrigin = Url;
        visits.Enqueue(new Visit(context.LastEventId(), Stopwatch.GetTimestamp()));
        switch (visits.Count)
        {
            case 1:
                await context.SendAsync($"retry: 1\nid: {IdBefore}\ndata: {Prelude.Data}\n\n");
                break;
            case 2:
                context.Response.ContentType = "text/event-stream";
                foreach (byte[] chunk in stream.Chunks)
                {
                    await context.Response.Body.WriteAsync(chunk);
                    await context.Response.Body.FlushAsync();
                    await Task.Delay(BetweenChunks);
                }

                break;
            default:
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
        }
    }

    /// <summary>
    /// A page has to name the event types that it listens for. Includes types that only a faulty parser would report.
    /// </summary>
    private IEnumerable<string> TypesIn(RecordedStream stream) =>
    [
        .. ReferenceParser.Parse(stream.Bytes).Events.Concat(ReferenceParser.Parse(engine.AsRead(stream)).Events)
            .Select(e => e.EventType)
            .Concat(
                EventLine().Matches(Encoding.UTF8.GetString(stream.Bytes)).Select(line => line.Groups["type"].Value))
            .Append("message")
            .Distinct(),
    ];

    [GeneratedRegex("event: ?(?<type>[^\r\n]+)")]
    private static partial Regex EventLine();

    /// <param name="LastEventId">The <c>Last-Event-ID</c> header; empty if there is none.</param>
    /// <param name="Timestamp">The time of the request, as a <see cref="Stopwatch"/> timestamp.</param>
    internal sealed record Visit(string LastEventId, long Timestamp);
}
