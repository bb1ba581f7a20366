using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Rx.Sse;
using Rx.Sse.Testing;
using static System.TimeSpan;

namespace Rx.Sse.Tests.Documentation;

/// <summary>The examples of docs/testing.md and docs/recordings.md about recordings.</summary>
internal sealed class RecordingPageTests
{
    private readonly TempFolder _folder = new();

    [OneTimeTearDown]
    public void CleanUp() => _folder.Dispose();

    [Test]
    public void Recorder_OverTheHandler_WritesAFile()
    {
        string path = _folder.PathOf("new.txt");

        {
            using var client = new HttpClient(new SseRecorder(path) { InnerHandler = new SocketsHttpHandler() });
            Assert.That(client.Timeout, Is.EqualTo(FromSeconds(100)));
        }

        Assert.That(File.ReadAllText(path), Does.StartWith("rx-sse-recording 1 "));
    }

    [Test]
    public void Recorder_ShouldRecordValue_SaysWhich()
    {
        string path = _folder.PathOf("symbol.txt");

        using var recorder = new SseRecorder(path)
        {
            InnerHandler = new SocketsHttpHandler(),
            ShouldRecordValue = name => name is "?symbol" or "X-Request-ID" || SseRecorder.IsHarmless(name),
        };

        Assert.That(recorder.ShouldRecordValue("?symbol") && !recorder.ShouldRecordValue("Authorization"));
    }

    [Test]
    public void Outage_OfTuesday_LosesNothing()
    {
        string file = _folder.PathOf("outage.txt");
        File.WriteAllText(file, ExampleOf("docs/recordings.md"));

        var scheduler = new TestScheduler();
        SseTestServer server = SseTestServer.Replay(file, scheduler);
        var options = new SseOptions { Reconnection = SseReconnection.Default with { UseJitter = false } };
        List<string> prices = [];

        Observable.FromSse(server.CreateClient(), "/prices", options, scheduler).Subscribe(e => prices.Add(e.Data));
        scheduler.AdvanceTo(FromMinutes(1).Ticks);

        Assert.That(prices, Is.EqualTo(new[] { "99.5", "99.7" }));
        Assert.That(server.Requests[1].LastEventId, Is.EqualTo("1"));
    }

    /// <summary>Returns the recording that the page shows.</summary>
    private static string ExampleOf(string page)
    {
        string text = Page.Read(page).Text;
        int start = text.IndexOf("rx-sse-recording", StringComparison.Ordinal);
        return text[start..text.IndexOf("```", start, StringComparison.Ordinal)];
    }
}
