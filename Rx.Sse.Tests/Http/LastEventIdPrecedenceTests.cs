using System.Net;
using System.Net.Http.Headers;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Http;

/// <summary>Which last event ID is sent: the caller's, the library's, or none.</summary>
internal sealed class LastEventIdPrecedenceTests
{
    private const string Name = "Last-Event-ID";

    private static readonly SseScript[] Script =
    [
        Refuse(),
        OpenStream().Event(Zero, "a").Reset(Zero),
        OpenStream().Event(Zero, "b", id: "7").Reset(Zero),
        OpenStream().Event(Zero, "c").Reset(Zero),
        OpenStream().Event(Zero, "d", id: "").Reset(Zero),
        OpenStream(),
    ];

    private static readonly string[] CallersThenStreams = ["mine", "mine", "mine", "7", "7", ""];

    [Test]
    public void FromSse_IdOfTheMessage_CountsUntilTheStreamHasOne() =>
        Assert.That(IdsSent(headers => headers.Add(Name, "mine")), Is.EqualTo(CallersThenStreams));

    [Test]
    public void FromSse_IdOfTheClient_CountsUntilTheStreamHasOne() =>
        Assert.That(IdsSent(client: headers => headers.Add(Name, "mine")), Is.EqualTo(CallersThenStreams));

    [Test]
    public void FromSse_IdOfTheOptions_CountsUntilTheStreamHasOne() => Assert.That(
        IdsSent(options: o => o with { LastEventId = "start" }),
        Is.EqualTo(new[] { "start", "start", "start", "7", "7", "" }));

    [Test]
    public void FromSse_IdsOfMessageAndOptions_MessageWins() => Assert.That(
        IdsSent(headers => headers.Add(Name, "mine"), options: o => o with { LastEventId = "start" }),
        Is.EqualTo(CallersThenStreams));

    [Test]
    public void SendLastEventId_False_SendsNone() => Assert.That(
        IdsSent(options: o => o with { LastEventId = "start", SendLastEventId = false }),
        Is.EqualTo(new[] { "", "", "", "", "", "" }));

    [Test]
    public void SendLastEventId_False_LeavesTheCallersHeader() => Assert.That(
        IdsSent(headers => headers.Add(Name, "mine"), options: o => o with { SendLastEventId = false }),
        Is.EqualTo(new[] { "mine", "mine", "mine", "mine", "mine", "mine" }));

    [Test]
    public void SendLastEventId_False_FactoryKnowsTheId()
    {
        Story story = Story.Begin(
            SseRequest.Create(
                attempt => new HttpRequestMessage(HttpMethod.Get, $"/stream?after={attempt.LastEventId}")),
            new SseOptions { LastEventId = "start", SendLastEventId = false, Reconnection = Story.WithoutJitter },
            OpenStream().Event(Zero, "a", id: "7").Reset(Zero),
            OpenStream()).Until(10);

        story.Server.Requests.AssertEqual(
            ExpectedGet(Zero, "/stream?after=start"), ExpectedGet(FromSeconds(3), "/stream?after=7"));
    }

    /// <summary>Returns the IDs that were sent. The signals must report the same IDs.</summary>
    private static List<string> IdsSent(
        Action<HttpRequestHeaders>? message = null,
        Action<HttpRequestHeaders>? client = null,
        Func<SseOptions, SseOptions>? options = null)
    {
        var scheduler = new Microsoft.Reactive.Testing.TestScheduler();
        SseTestServer server = Story.Serve(scheduler, Script);
        using HttpClient http = server.CreateClient();
        client?.Invoke(http.DefaultRequestHeaders);
        var settings = new SseOptions { Reconnection = Story.WithoutJitter };
        List<string> signalled = [];
        using IDisposable subscription = SseObservable
            .FromSseSignals(
                http, SseRequest.Get(Story.Path, message), options?.Invoke(settings) ?? settings, scheduler)
            .Subscribe(signal =>
            {
                if (signal is SseConnecting connecting)
                    signalled.Add(connecting.LastEventId);
            });
        scheduler.AdvanceTo(FromSeconds(60).Ticks);

        Assert.That(signalled, Is.EqualTo(server.Requests.Select(request => request.LastEventId)));
        return signalled;
    }
}
