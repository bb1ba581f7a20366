using System.Globalization;
using System.Net;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Text.RegularExpressions;
using Rx.Sse.Tests.Integration.Sockets;

namespace Rx.Sse.Tests.Integration.Servers;

/// <summary>
/// nginx with nchan. It assigns IDs itself ("1700000000:0" is the first message of a second), keeps the messages in the
/// memory of its worker, and replays those after the ID of a request.
/// </summary>
[CancelAfter(60_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed partial class NchanTests
{
    private readonly TempFolder _folder = new();
    private readonly HttpClient _client = Delivery.NewClient();
    private readonly List<string> _published = [];
    private readonly List<string> _ids = [];
    private ServerProcess _nchan = null!;

    private static IEnumerable<TestCaseData> Restarts { get; } =
    [
        Restart("killed", nchan =>
        {
            nchan.Kill();
            nchan.Start();
        }),
        Restart("stopped", nchan =>
        {
            nchan.Stop(UnixSignal.Quit);
            nchan.Start();
        }),
        Restart("reloaded", nchan => nchan.Signal(UnixSignal.HangUp)),
    ];

    private string Messages => $"{_nchan.Url}/messages";

    private string Events => $"{_nchan.Url}/events";

    [SetUp]
    public void StartNchan() => _nchan = NginxServer.Nchan(_folder).Start();

    [TearDown]
    public void EndNchan()
    {
        _nchan?.Dispose();
        _client.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task FromSse_ProxyIsKilledWhilePublishingGoesOn_MissesNothing(CancellationToken hang)
    {
        const int Count = 100;
        int[] killAfter = [20, 1, 10, 5];
        using var client = new RecordedClient();
        using ServerProcess proxy = NginxServer.Proxy(_folder, _nchan).Start();
        PublishNext(Count - 10 * killAfter.Length);

        IList<SseSignal> signals = await Delivery.ReadAsync(
            Observable.FromSseSignals(client.Http, $"{proxy.Url}/events", SocketTests.Quick),
            Count,
            killAfter,
            () =>
            {
                proxy.Kill();
                PublishNext(10);
                proxy.Start();
            },
            hang);

        Delivery.AssertNothingLostOrDoubled(signals, _published);
        client.AssertPlays(signals, $"{proxy.Url}/events", SocketTests.Quick);
    }

    /// <summary>
    /// nchan loses all messages even on a reload. It can then replay only what was published since, but it does so for
    /// an ID from before the reload.
    /// </summary>
    [TestCaseSource(nameof(Restarts))]
    public async Task FromSse_NchanItselfIsRestarted_GoesOnWithWhatItStillHas(
        Action<ServerProcess> restart, CancellationToken hang)
    {
        Publish("before");

        IList<SseSignal> signals = await Delivery.ReadAsync(
            Observable.FromSseSignals(_client, Events, SocketTests.Quick),
            2,
            [1],
            () =>
            {
                restart(_nchan);
                Assert.That(SpinWait.SpinUntil(HasForgotten, TimeSpan.FromSeconds(20)), "nchan has forgotten");
                WaitForTheNextSecond();
                Publish("after");
            },
            hang);
        SseEvent oldest = await Observable.FromSse(_client, Events).Take(1).ToTask(hang);

        Delivery.AssertNothingLostOrDoubled(signals, ["before", "after"]);
        Assert.That(oldest.Data, Is.EqualTo("after"));
    }

    [Test]
    public async Task LastEventId_AnyOfNchans_ResumesAfterIt(CancellationToken hang)
    {
        (string Type, string Text)[] messages =
        [
            ("message", "one"),
            ("message", "Zeile 1\nZeile 2: é漢𝄞\n\n "),
            ("message", ""),
            ("tick", "two"),
            ("price", "last"),
        ];
        foreach ((string type, string text) in messages)
            Publish(text, eventType: type == "message" ? "" : type);

        for (int i = 0; i < messages.Length - 1; i++)
        {
            IList<SseEvent> events = await Observable.FromSse(_client, Events, new SseOptions { LastEventId = _ids[i] })
                .TakeUntil(e => e.Data == "last").ToList().ToTask(hang);

            Assert.That(
                events.Select(e => (e.EventType, e.Data, e.Id)),
                Is.EqualTo(messages.Zip(_ids, (message, id) => (message.Type, message.Text, id)).Skip(i + 1)));
        }
    }

    private static TestCaseData Restart(string name, Action<ServerProcess> restart) =>
        new TestCaseData(restart).SetArgDisplayNames(name);

    private void PublishNext(int count)
    {
        for (int i = 0; i < count; i++)
            Publish(Delivery.Text(_published.Count));
    }

    private void Publish(string text, string eventType = Delivery.EventType)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Messages) { Content = new StringContent(text) };
        request.Headers.Add("X-EventSource-Event", eventType);
        using HttpResponseMessage response = _client.Send(request).EnsureSuccessStatusCode();
        using var answer = new StreamReader(response.Content.ReadAsStream());
        _published.Add(text);
        _ids.Add(MessageId().Match(answer.ReadToEnd()).Value);
    }

    /// <summary>Whether nchan reports that the channel does not exist.</summary>
    private bool HasForgotten()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Messages);
        try
        {
            using HttpResponseMessage response = _client.Send(request);
            return response.StatusCode == HttpStatusCode.NotFound;
        }
        catch (HttpRequestException)
        {
            // A worker that exits because of a reload closes its keep-alive connections.
            return false;
        }
    }

    /// <summary>Waits because, within the same second, the restarted nchan would assign the same IDs again.</summary>
    private void WaitForTheNextSecond()
    {
        long second = long.Parse(_ids[^1].Split(':')[0], CultureInfo.InvariantCulture);
        SpinWait.SpinUntil(() => DateTimeOffset.UtcNow.ToUnixTimeSeconds() > second);
    }

    [GeneratedRegex("(?<=last message id: )[0-9]+:[0-9]+")]
    private static partial Regex MessageId();
}
