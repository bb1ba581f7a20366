using System.Net;
using System.Net.Http.Headers;
using System.Reactive.Linq;
using System.Text;
using Microsoft.Reactive.Testing;
using Polly;
using Polly.Timeout;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Documentation;

/// <summary>
/// The examples of docs/clients.md that run in virtual time. The others are in the integration tests.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ClientsPageTests
{
    private readonly TestScheduler _scheduler = new();

    [Test]
    public void Timeouts_LateHeadersAndSilence_AreReported()
    {
        SseTestServer server = new SseTestServer(
            _scheduler,
            OpenStream(FromSeconds(11)),
            OpenStream().Comment(FromSeconds(15)).Repeat(FromSeconds(15), FromMinutes(10))).Otherwise(NeverAnswer());
        HttpClient client = server.CreateClient();
        TimeSpan lastHeartbeat = FromMinutes(10) - FromSeconds(15);
        List<Exception> reasons = [];

        client.Timeout = Timeout.InfiniteTimeSpan;
        var options = new SseOptions
        {
            IdleTimeout = TimeSpan.FromSeconds(45),   // three heartbeats of the server
            Reconnection = SseReconnection.Default with
            {
                ConfigureAttempt = attempt => attempt.AddTimeout(TimeSpan.FromSeconds(10)),   // until the headers
            },
        };

        using IDisposable subscription = Observable.FromSseSignals(client, "/", options, _scheduler)
            .OfType<SseDisconnected>().Subscribe(lost => reasons.Add(lost.Reason));
        _scheduler.AdvanceTo(FromMinutes(12).Ticks);

        Assert.That(server.Connections[0].Opened, Is.Null);
        Assert.That(reasons[0].InnerException, Is.TypeOf<TimeoutRejectedException>());
        Assert.That(reasons[1], Is.TypeOf<SseIdleTimeoutException>());
        SseTestConnection silent = server.Connections[1];
        Assert.That(silent.Closed - silent.Opened, Is.EqualTo(lastHeartbeat + FromSeconds(45)));
    }

    [Test]
    public void TokenHandler_TokenThatHasExpired_IsRenewedOnce([Values] bool helps)
    {
        SseTestServer server = new SseTestServer(_scheduler).Otherwise(request =>
            helps && request.Headers["Authorization"] == "Bearer new 1"
                ? OpenStream().Event(Zero, "a", id: "1")
                : Respond(HttpStatusCode.Unauthorized));
        var tokens = new Tokens();
        List<SseSignal> signals = [];
        Exception? error = null;

        var client = new HttpClient(new TokenHandler(tokens) { InnerHandler = server });

        client.BaseAddress = SseTestServer.BaseAddress;
        using IDisposable subscription = Observable
            .FromSseSignals(client, "/", new SseOptions { LastEventId = "0" }, _scheduler)
            .Subscribe(signals.Add, failure => error = failure);
        _scheduler.AdvanceTo(FromMinutes(1).Ticks);

        Assert.That(
            server.Requests.Select(request => (request.Headers["Authorization"], request.LastEventId)),
            Is.EqualTo(new[] { ("Bearer old", "0"), ("Bearer new 1", "0") }));
        Assert.That(signals.OfType<SseConnecting>().Count(), Is.EqualTo(1), "the stream does not see the 401");
        Assert.That(signals.OfType<SseEvent>().Count(), Is.EqualTo(helps ? 1 : 0));
        Assert.That(error, helps ? Is.Null : Is.TypeOf<SseResponseException>());
    }

    [Test]
    public void BodyLogHandler_EventStream_IsNotBuffered()
    {
        var server = new SseTestServer(
            _scheduler,
            Respond(HttpStatusCode.BadRequest, "bad", "text/plain"),
            OpenStream().Event(FromSeconds(1), "a").Close(FromSeconds(2)));
        var options = new SseOptions
        {
            Reconnection = SseReconnection.Default with { ShouldHandle = _ => new(true), UseJitter = false },
        };
        List<string> log = [];
        using var client = new HttpClient(new BodyLogHandler(log.Add) { InnerHandler = server });
        client.BaseAddress = SseTestServer.BaseAddress;
        List<long> received = [];

        using IDisposable subscription =
            Observable.FromSse(client, "/", options, _scheduler).Subscribe(_ => received.Add(_scheduler.Clock));
        _scheduler.AdvanceTo(FromSeconds(5).Ticks);

        Assert.That(received, Is.EqualTo(new[] { FromSeconds(4).Ticks }));
        Assert.That(log, Is.EqualTo(new[] { "bad" }));
    }

    internal sealed class TokenHandler(Tokens tokens) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string token = tokens.Current;
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            if (response.StatusCode != HttpStatusCode.Unauthorized)
                return response;
            response.Dispose();
            token = await tokens.RenewAsync(token, cancellationToken);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return await base.SendAsync(request, cancellationToken);
        }
    }

    internal sealed class BodyLogHandler(Action<string> log) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
                log(await response.Content.ReadAsStringAsync(cancellationToken));   // reads to the end
            return response;
        }
    }

    internal sealed class Tokens
    {
        private int _renewals;

        public string Current { get; private set; } = "old";

        public Task<string> RenewAsync(string expired, CancellationToken cancellation)
        {
            cancellation.ThrowIfCancellationRequested();
            if (expired == Current)
                Current = $"new {++_renewals}";
            return Task.FromResult(Current);
        }
    }
}
