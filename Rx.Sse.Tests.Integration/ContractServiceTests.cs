using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Rx.Sse.Tests.Integration.ContractService;
using Rx.Sse.Tests.Integration.Sockets;

namespace Rx.Sse.Tests.Integration;

/// <summary>The service for external conformance suites, driven only over HTTP, as the suites do.</summary>
[CancelAfter(60_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
internal sealed class ContractServiceTests
{
    private readonly BlockingCollection<(string Path, string Json)> _reports = [];
    private readonly BlockingCollection<string> _requests = [];
    private readonly HttpClient _harness = new();
    private SocketServer _peer = null!;
    private WebApplication _service = null!;
    private int _connections;

    private string StreamUrl => $"{_peer.Url}/stream";

    /// <summary>What the server of the stream does with each connection.</summary>
    private Func<HttpContext, int, Task> Answer { get; set; } = (context, _) => context.UntilAbortedAsync();

    [SetUp]
    public async Task StartAsync()
    {
        _peer = await SocketServer.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            string body = await reader.ReadToEndAsync();
            if (context.Request.Path.StartsWithSegments("/callback"))
            {
                _reports.Add((context.Request.Path, body));
                return;
            }

            string header = $"{context.Request.Headers["X-Test"]}";
            _requests.Add($"{context.Request.Method} '{context.LastEventId()}' {header} {body}".TrimEnd());
            await Answer(context, Interlocked.Increment(ref _connections));
        });
        _service = ContractApp.Build(0);
        await _service.StartAsync();
        _harness.BaseAddress = new Uri(_service.Urls.Single());
    }

    [TearDown]
    public async Task StopAsync()
    {
        // This must also end the streams of the service.
        await _service.StopAsync();
        await _service.DisposeAsync();
        await _peer.DisposeAsync();
        _harness.Dispose();
        _reports.Dispose();
        _requests.Dispose();
    }

    [Test]
    public async Task Get_ListsTheCapabilities()
    {
        JsonElement answer = await _harness.GetFromJsonAsync<JsonElement>("/");

        Assert.That(
            answer.GetProperty("capabilities").EnumerateArray().Select(e => e.GetString()),
            Is.EquivalentTo(new[]
        {
            "bom", "comments", "headers", "post", "report", "last-event-id", "read-timeout", "restart",
            "server-directed-shutdown-request",
        }));
    }

    [Test]
    public async Task Post_ReportsEverythingInOrder(CancellationToken hang)
    {
        Answer = async (context, connection) =>
        {
            if (connection == 1)
            {
                await context.SendAsync("\uFEFF:hi\nid: 1\nevent: x\ndata: a\n\ndata: b\n\n");
                return;
            }

            context.Response.StatusCode = connection == 2 ? 204 : 500;
        };

        HttpResponseMessage opened = await OpenAsync(new { initialDelayMs = 100 });

        Assert.That(opened.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(Take(4, hang), Is.EqualTo(new[]
        {
            """/callback/1 {"kind":"comment","comment":"hi"}""",
            """/callback/2 {"kind":"event","event":{"type":"x","data":"a","id":"1"}}""",
            """/callback/3 {"kind":"event","event":{"type":"message","data":"b","id":"1"}}""",
            $$"""/callback/4 {"kind":"error","error":"The server ended the event stream. ({{StreamUrl}})"}""",
        }));
        Assert.That(new[] { _requests.Take(hang), _requests.Take(hang) }, Is.EqualTo(new[] { "GET ''", "GET '1'" }));
    }

    [Test]
    public async Task Post_MethodBodyAndHeaders_AreRepeatedOnEveryAttempt(
        [Values("POST", "REPORT")] string method, CancellationToken hang)
    {
        Answer = (context, connection) =>
            connection < 3 ? context.SendAsync($"id: {connection}\ndata: x\n\n") : context.UntilAbortedAsync();

        await OpenAsync(new
        {
            method,
            body = "hello",
            headers = new Dictionary<string, string> { ["X-Test"] = "t", ["Content-Type"] = "text/x" },
            lastEventId = "0",
            initialDelayMs = 1,
        });

        Assert.That(
            new[] { _requests.Take(hang), _requests.Take(hang), _requests.Take(hang) },
            Is.EqualTo(new[] { $"{method} '0' t hello", $"{method} '1' t hello", $"{method} '2' t hello" }));
    }

    [Test]
    public async Task Post_StatusThatIsNoStream_IsTheFinalError(CancellationToken hang)
    {
        Answer = (context, _) =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        };

        await OpenAsync(new { initialDelayMs = 1 });

        Assert.That(
            Take(1, hang).Single(),
            Does.StartWith("""/callback/1 {"kind":"error","error":"The server answered with the status 503"""));
        Assert.That(_requests.TryTake(out _), Is.True);
    }

    [Test]
    public async Task Post_ReadTimeout_IsAnErrorAndReconnects(CancellationToken hang)
    {
        // Sends only headers, so that the reported signals do not depend on timing.
        Answer = async (context, _) =>
        {
            await context.SendAsync("");
            await context.UntilAbortedAsync();
        };

        await OpenAsync(new { initialDelayMs = 1, readTimeoutMs = 50 });

        string silence = $"The server sent nothing for 0.05 s. ({StreamUrl})";
        Assert.That(Take(2, hang), Is.EqualTo(new[]
        {
            $$"""/callback/1 {"kind":"error","error":"{{silence}}"}""",
            $$"""/callback/2 {"kind":"error","error":"{{silence}}"}""",
        }));
        Assert.That(new[] { _requests.Take(hang), _requests.Take(hang) }, Is.EqualTo(new[] { "GET ''", "GET ''" }));
    }

    [Test]
    public async Task Restart_ReconnectsFromTheLastIdWithoutAnError(CancellationToken hang)
    {
        Answer = async (context, connection) =>
        {
            await context.SendAsync($"id: {connection}\ndata: {connection}\n\n");
            await context.UntilAbortedAsync();
        };
        HttpResponseMessage opened = await OpenAsync(new { });
        Take(1, hang);

        HttpResponseMessage restarted = await _harness.PostAsJsonAsync(
            opened.Headers.Location, new { command = "restart" }, hang);

        Assert.That(restarted.IsSuccessStatusCode);
        Assert.That(
            Take(1, hang),
            Is.EqualTo(new[] { """/callback/2 {"kind":"event","event":{"type":"message","data":"2","id":"2"}}""" }));
        Assert.That(new[] { _requests.Take(hang), _requests.Take(hang) }, Is.EqualTo(new[] { "GET ''", "GET '1'" }));
    }

    [Test]
    public async Task Post_StreamWithAnIdBeyondAscii_ResumesAfterIt(CancellationToken hang)
    {
        Answer = async (context, connection) =>
        {
            if (connection == 1)
                await context.SendAsync("id: é漢𝄞\ndata: a\n\n");
            else
                await context.UntilAbortedAsync();
        };

        await OpenAsync(new { initialDelayMs = 100 });

        Assert.That(
            new[] { _requests.Take(hang), _requests.Take(hang) }, Is.EqualTo(new[] { "GET ''", "GET 'é漢𝄞'" }));
    }

    [Test]
    public async Task Delete_OfAStream_ClosesIt(CancellationToken hang)
    {
        Answer = async (context, _) =>
        {
            await context.SendAsync("data: a\n\n");
            await context.UntilAbortedAsync();
        };
        HttpResponseMessage opened = await OpenAsync(new { });
        Take(1, hang);

        HttpResponseMessage deleted = await _harness.DeleteAsync(opened.Headers.Location, hang);

        Assert.That(deleted.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        await _peer.Requests.ZeroAsync(hang);
        Assert.That(
            (await _harness.DeleteAsync(opened.Headers.Location, hang)).StatusCode,
            Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(
            (await _harness.PostAsJsonAsync(opened.Headers.Location, new { command = "restart" }, hang)).StatusCode,
            Is.EqualTo(HttpStatusCode.NotFound));
    }

    [TestCase("{")]
    [TestCase("{}")]
    [TestCase("{\"streamUrl\":\"nonsense\",\"callbackUrl\":\"http://test\"}")]
    [TestCase("{\"streamUrl\":\"http://test\"}")]
    [TestCase("{\"streamUrl\":\"http://test\",\"callbackUrl\":\"http://test\",\"readTimeoutMs\":-1}")]
    [TestCase("{\"streamUrl\":\"http://test\",\"callbackUrl\":\"http://test\",\"initialDelayMs\":-1}")]
    [TestCase("{\"streamUrl\":\"http://test\",\"callbackUrl\":\"http://test\",\"method\":\"no method\"}")]
    [TestCase("{\"streamUrl\":\"http://test\",\"callbackUrl\":\"http://test\",\"headers\":{\"no header\":\"x\"}}")]
    public async Task Post_BadParameters_AreRefused(string json)
    {
        using var content = new StringContent(json, null, "application/json");

        Assert.That((await _harness.PostAsync("/", content)).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Delete_EndsTheProcess(CancellationToken hang)
    {
        var stopped = new TaskCompletionSource();
        _service.Lifetime.ApplicationStopping.Register(stopped.SetResult);

        Assert.That((await _harness.DeleteAsync("/", hang)).IsSuccessStatusCode);
        await stopped.Task.WaitAsync(hang);
    }

    private Task<HttpResponseMessage> OpenAsync(object parameters)
    {
        Dictionary<string, object> all = JsonSerializer.SerializeToElement(parameters).EnumerateObject()
            .ToDictionary(p => p.Name, p => (object)p.Value);
        all["tag"] = "test";
        all["callbackUrl"] = $"{_peer.Url}/callback";
        all["streamUrl"] = StreamUrl;
        return _harness.PostAsJsonAsync("/", all);
    }

    private string[] Take(int count, CancellationToken hang) =>
        [
            .. Enumerable.Range(0, count)
                .Select(_ => _reports.Take(hang))
                .Select(report => $"{report.Path} {report.Json}"),
        ];
}
