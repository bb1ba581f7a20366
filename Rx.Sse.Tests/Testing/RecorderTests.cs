using System.Net;
using System.Reactive.Linq;
using System.Text;
using Microsoft.Reactive.Testing;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Testing;

/// <summary>What <see cref="SseRecorder"/> writes.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RecorderTests
{
    private readonly TestScheduler _scheduler = new();
    private readonly StringWriter _recording = new();

    [Test]
    [Category("NotNetStandard")]
    public void Recording_OfAnOutage_SaysWhatHappened()
    {
        var server = new SseTestServer(
            _scheduler,
            OpenStream(FromSeconds(0.5))
                .Event(FromSeconds(1), "über", id: "1")
                .Send(FromSeconds(1.25), "data: \xE9"u8[..^1])
                .Reset(FromSeconds(2)),
            Refuse(FromSeconds(1)),
            OpenStream().Close(FromSeconds(1)),
            OpenStream());

        Follow(server, until: FromSeconds(30));

        Assert.That(_recording.ToString(), Is.EqualTo("""
            rx-sse-recording 1 0001-01-01T00:00:00.0000000Z
            00:00:00 request 1 GET http://localhost/prices
              Accept: text/event-stream
              Cache-Control: no-cache
            00:00:00.5 response 1 200
              Date: Mon, 01 Jan 0001 00:00:00 GMT
              Content-Type: text/event-stream
            00:00:01 bytes 1
              "id: 1\n"
              "data: über\n"
              "\n"
            00:00:01.25 bytes 1
              "data: \xC3"
            00:00:02 error 1
              IOException "Connection reset by peer"
              SocketException ConnectionReset "Connection reset by peer"
            00:00:05 request 2 GET http://localhost/prices
              Accept: text/event-stream
              Cache-Control: no-cache
              Last-Event-ID: 1
            00:00:06 error 2
              HttpRequestException ConnectionError "Connection refused"
              SocketException ConnectionRefused "Connection refused"
            00:00:12 request 3 GET http://localhost/prices
              Accept: text/event-stream
              Cache-Control: no-cache
              Last-Event-ID: 1
            00:00:12 response 3 200
              Date: Mon, 01 Jan 0001 00:00:12 GMT
              Content-Type: text/event-stream
            00:00:13 end 3
            00:00:25 request 4 GET http://localhost/prices
              Accept: text/event-stream
              Cache-Control: no-cache
              Last-Event-ID: 1
            00:00:25 response 4 200
              Date: Mon, 01 Jan 0001 00:00:25 GMT
              Content-Type: text/event-stream
            00:00:30 leave 4

            """.ReplaceLineEndings("\n")));
    }

    [Test]
    public void Recording_OfSecrets_LeavesThemOut()
    {
        var server = new SseTestServer(
            _scheduler,
            OpenStream().WithHeader("Set-Cookie", "session=secret").WithHeader("X-Custom", "secret"));
        using HttpClient client = ClientOf(server);
        client.DefaultRequestHeaders.Add("Authorization", "Bearer secret");
        client.DefaultRequestHeaders.Add("X-Api-Key", "secret");

        SseRequest request = SseRequest.Post(
            "http://user:secret@localhost/a%20b?key=secret&x=%26secret&secret#secret",
            () => new StringContent("secret"));
        Observable.FromSse(client, request, null, _scheduler).Subscribe();

        string[] lines = _recording.ToString().Split('\n');
        Assert.That(_recording.ToString(), Does.Not.Contain("secret").And.Contain("  Authorization: (left-out)\n"));
        Assert.That(
            lines[1],
            Is.EqualTo("00:00:00 request 1 POST http://localhost/a%20b?key=(left-out)&x=(left-out)&(left-out)"));
        Assert.That(lines, Does.Contain("  Set-Cookie: (left-out)").And.Contain("  X-Custom: (left-out)"));
    }

    [Test]
    public void ShouldRecordValue_SaysYes_RecordsTheValue()
    {
        var server = new SseTestServer(_scheduler, OpenStream());
        using var client = new HttpClient(new SseRecorder(_recording, _scheduler)
        {
            InnerHandler = server,
            ShouldRecordValue = name => name is "?symbol" || SseRecorder.IsHarmless(name),
        });

        Observable.FromSse(client, "http://localhost/?symbol=ACME&key=secret", null, _scheduler).Subscribe();

        Assert.That(_recording.ToString(), Does.Contain(" GET http://localhost/?symbol=ACME&key=(left-out)\n"));
    }

    [Test]
    public void ShouldRecordValue_Throws_LeavesTheValueOut()
    {
        var server = new SseTestServer(_scheduler, OpenStream());
        using var client = new HttpClient(new SseRecorder(_recording, _scheduler)
        {
            InnerHandler = server,
            ShouldRecordValue = _ => throw new InvalidOperationException(),
        });

        Observable.FromSse(client, "http://localhost/", null, _scheduler).Subscribe();

        Assert.That(_recording.ToString(), Does.Contain("  Accept: (left-out)\n"));
    }

    [Test]
    public void Output_Fails_TheStreamGoesOnAndErrorSaysWhy()
    {
        var full = new FullWriter(roomFor: 2);
        var server = new SseTestServer(_scheduler, OpenStream().Event(FromSeconds(1), "a").Event(FromSeconds(2), "b"));
        using var recorder = new SseRecorder(full, _scheduler) { InnerHandler = server };
        using var client = new HttpClient(recorder);
        List<string> received = [];

        Observable.FromSse(client, "http://localhost/", null, _scheduler).Subscribe(e => received.Add(e.Data));
        _scheduler.Start();

        Assert.That(received, Is.EqualTo(new[] { "a", "b" }));
        Assert.That(recorder.Error, Is.TypeOf<IOException>().With.Message.EqualTo("full"));
        Assert.That(full.Records, Has.Count.EqualTo(2));
    }

    [Test]
    public void Body_ThatIsReadWhole_IsRecordedAndComesUnchanged()
    {
        var server = new SseTestServer(
            _scheduler, Respond(HttpStatusCode.BadRequest, "no\r\n\"\\\t\u200Bmore", "text/plain"));
        using HttpClient client = ClientOf(server);

        Task<HttpResponseMessage> response = client.GetAsync("http://localhost/");

        Assert.That(response.Result.Content.ReadAsStringAsync().Result, Is.EqualTo("no\r\n\"\\\t\u200Bmore"));
        Assert.That(response.Result.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/plain"));
        Assert.That(
            _recording.ToString(),
            Does.EndWith("00:00:00 bytes 1\n  \"no\\r\\n\"\n  \"\\\"\\\\\\t\\xE2\\x80\\x8Bmore\"\n00:00:00 end 1\n"));
    }

    [Test]
    public void Requests_AtTheSameTime_AreDistinguished()
    {
        SseTestServer server = new SseTestServer(_scheduler).Otherwise(OpenStream().Event(FromSeconds(1), "a"));
        using HttpClient client = ClientOf(server);

        foreach (string path in new[] { "/a", "/b" })
            Observable.FromSse(client, $"http://localhost{path}", null, _scheduler).Subscribe();
        _scheduler.Start();

        Assert.That(_recording.ToString(), Does.Contain("00:00:01 bytes 1\n").And.Contain("00:00:01 bytes 2\n"));
    }

    [Test]
    public void File_ThatCannotBeCreated_IsAnError() =>
        Assert.That(
            () => new SseRecorder(Path.Combine(Path.GetTempPath(), "not there", "recording.txt")),
            Throws.InstanceOf<IOException>());

    [Test]
    public void Query_WithTheNamesOfHarmlessHeaders_IsLeftOut()
    {
        var server = new SseTestServer(_scheduler, OpenStream());
        using HttpClient client = ClientOf(server);

        Observable.FromSse(client, "http://localhost/?server=secret&Date=secret&secret=", null, _scheduler).Subscribe();

        Assert.That(
            _recording.ToString(),
            Does.Contain(" GET http://localhost/?server=(left-out)&Date=(left-out)&(left-out)\n"));
    }

    [Test]
    public void Message_WithAnAddress_HasNoSecretOfIt()
    {
        const string Message =
            "The proxy 'http://user:secret@proxy:80/' failed for https://api/a?key=secret, and http://b/?x=secret.";
        var server = new SseTestServer(_scheduler, Refuse(Zero, new HttpRequestException(Message)));
        using HttpClient client = ClientOf(server);

        Observable.FromSse(client, "http://localhost/", null, _scheduler).Subscribe();

        Assert.That(_recording.ToString(), Does.Not.Contain("secret").And.Contain("'http://(left-out)@proxy:80/'"));
    }

    [Test]
    public void ShouldRecordValue_SaysNo_KeepsTheContentType()
    {
        var server = new SseTestServer(_scheduler, OpenStream());
        using var client = new HttpClient(new SseRecorder(_recording, _scheduler)
        {
            InnerHandler = server,
            ShouldRecordValue = _ => false,
        });

        Observable.FromSse(client, "http://localhost/", null, _scheduler).Subscribe();

        Assert.That(_recording.ToString(), Does.Contain("  Content-Type: text/event-stream\n"));
    }

    /// <summary>Whatever a client does after the end, or does twice, must not make the recording unreadable.</summary>
    [Test]
    public void Body_ReadTwiceOrAfterItsEnd_IsRecordedOnce()
    {
        var server = new SseTestServer(_scheduler, Respond(HttpStatusCode.OK, "a"));
        using HttpClient client = ClientOf(server);
        HttpResponseMessage response =
            client.GetAsync("http://localhost/", HttpCompletionOption.ResponseHeadersRead).Result;
        using Stream body = response.Content.ReadAsStreamAsync().Result;
        var canceled = new CancellationToken(canceled: true);

        Assert.That(() => body.ReadAsync(new byte[8], 0, 8, canceled), Throws.InstanceOf<OperationCanceledException>());
        int first = body.ReadAsync(new byte[8], 0, 8).Result;
        int last = body.ReadAsync(new byte[8], 0, 8).Result;
        response.Dispose();

        Assert.That((first, last), Is.EqualTo((1, 0)));
        Assert.That(_recording.ToString(), Does.EndWith("00:00:00 bytes 1\n  \"a\"\n00:00:00 end 1\n"));
        Assert.That(() => SseTestServer.Replay(new StringReader(_recording.ToString()), _scheduler), Throws.Nothing);
    }

    [Test]
    public void Content_CopiedTwice_FailsAsWithoutTheRecorder()
    {
        var server = new SseTestServer(_scheduler, Respond(HttpStatusCode.OK, "a"));
        using HttpClient client = ClientOf(server);
        HttpResponseMessage response =
            client.GetAsync("http://localhost/", HttpCompletionOption.ResponseHeadersRead).Result;

        response.Content.CopyToAsync(Stream.Null).Wait();

        Assert.That(
            () => response.Content.CopyToAsync(Stream.Null).GetAwaiter().GetResult(), Throws.InvalidOperationException);
        Assert.That(_recording.ToString(), Does.EndWith("00:00:00 end 1\n"));
    }

    private HttpClient ClientOf(SseTestServer server) =>
        new(new SseRecorder(_recording, _scheduler) { InnerHandler = server });

    private void Follow(SseTestServer server, TimeSpan until)
    {
        using HttpClient client = ClientOf(server);
        var options = new SseOptions { Reconnection = Story.WithoutJitter };
        using (Observable.FromSse(client, "http://localhost/prices", options, _scheduler).Subscribe())
            _scheduler.AdvanceTo(until.Ticks);
    }

    /// <summary>Fails after the given number of records.</summary>
    private sealed class FullWriter(int roomFor) : StringWriter
    {
        public List<string> Records { get; } = [];

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(string? value)
        {
            if (Records.Count == roomFor)
                throw new IOException("full");
            Records.Add(value!);
        }
    }
}
