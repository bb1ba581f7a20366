using System.Net;
using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Testing;

/// <summary>Which scripts have served no request, and how they are printed.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class UnservedScriptsTests
{
    private readonly TestScheduler _scheduler = new();

    [Test]
    public void UnservedScripts_RequestsCome_AreThoseThatAreLeft()
    {
        SseScript first = OpenStream(), second = NeverAnswer(), third = Refuse();
        var server = new SseTestServer(_scheduler, first, second, third);

        Request(server, "/");
        Request(server, "/anywhere");

        Assert.That(server.UnservedScripts.Select(unserved => unserved.Script), Is.EqualTo(new[] { third }));
        Request(server, "/");
        Assert.That(server.UnservedScripts, Is.Empty);
    }

    [Test]
    public void UnservedScripts_OneScriptInManyPlaces_TellsWhich()
    {
        SseScript script = OpenStream();
        SseTestServer server = new SseTestServer(_scheduler, script, script)
            .On("/news", script, script).On("/a", script).On("/news", script);

        Request(server, "/news");
        Request(server, "/");

        Assert.That(
            server.UnservedScripts.Select(unserved => (unserved.Path, unserved.Number)),
            Is.EqualTo(new[] { ("", 2), ("/a", 1), ("/news", 2), ("/news", 3) }));
    }

    [Test]
    public void UnservedScripts_Otherwise_IsNeverAmongThem()
    {
        SseTestServer server = new SseTestServer(_scheduler).On("/a").Otherwise(OpenStream());

        Assert.That(server.UnservedScripts, Is.Empty);
        Request(server, "/a");
        Assert.That(server.UnservedScripts, Is.Empty);
    }

    [Test]
    public void UnservedScripts_RequestThatCouldNotBeServed_Throws()
    {
        SseTestServer server = new SseTestServer(_scheduler).On("/a", OpenStream());

        Request(server, "/b");

        Assert.That(() => server.UnservedScripts, Throws.TypeOf<SseScriptException>());
    }

    [Test]
    public void ToString_UnservedScript_SaysWhichAndWhatItDoes()
    {
        SseTestServer server = new SseTestServer(_scheduler, NeverAnswer()).On(
            "/prices",
            OpenStream().Event(FromSeconds(1), "99.5", id: "1").Reset(FromSeconds(2)),
            Respond(HttpStatusCode.NotFound, "none"),
            Refuse(FromSeconds(3)));

        Assert.That(server.UnservedScripts.Select(unserved => $"{unserved}"), Is.EqualTo(new[]
        {
            "script 1: never answers",
            @"script 1 of /prices: answers 200 at 00:00:00; "
            + @"sends 'id: 1\ndata: 99.5\n\n' at 00:00:01; resets at 00:00:02",
            "script 2 of /prices: answers 404 at 00:00:00; sends 'none' at 00:00:00; closes at 00:00:00",
            "script 3 of /prices: refuses at 00:00:03",
        }));
    }

    [Test]
    public void ToString_BytesThatCannotBePrinted_AreEscapedAndCut()
    {
        SseScript script = OpenStream().Send(Zero, "\0\r😀"u8).Send(Zero, new string('x', 41)).Comment(Zero)
            .Repeat(every: FromSeconds(15), until: FromMinutes(1));

        Assert.That($"{script}", Is.EqualTo(
            @"answers 200 at 00:00:00; sends '\u0000\r\uD83D\uDE00' at 00:00:00; "
            + "sends 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...' at 00:00:00; "
            + @"sends ':\n' at 00:00:00 and then every 00:00:15 until 00:01:00"));
    }

    private void Request(SseTestServer server, string path) =>
        Observable
            .FromSse(server.CreateClient(), path, new SseOptions { Reconnection = SseReconnection.Never }, _scheduler)
            .Subscribe(_ => { }, _ => { });
}
