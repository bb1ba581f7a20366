using System.Globalization;
using System.Net;
using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Polly;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Testing;

/// <summary>The ways in which <see cref="SseTest.EveryCut"/> breaks a connection.</summary>
internal sealed class EveryCutTests
{
    [Test]
    public void EveryCut_OfAScript_ListsEachWay()
    {
        SseScript script = OpenStream(FromSeconds(1)).Send(FromSeconds(1), "é").Send(FromSeconds(3), "b");

        Assert.That(EveryCut(script).Select(cut => cut.ToString()), Is.EqualTo(new[]
        {
            "refuses at 00:00:00",
            "resets before the response, at 00:00:01",
            "closes before the response, at 00:00:01",
            "never answers",
            "resets after the head, at 00:00:01",
            "closes after the head, at 00:00:01",
            "is silent after the head, at 00:00:01",
            "resets after byte 1, '\uFFFD', at 00:00:01",
            "closes after byte 1, '\uFFFD', at 00:00:01",
            "is silent after byte 1, '\uFFFD', at 00:00:01",
            "resets after byte 2, 'é', at 00:00:01",
            "closes after byte 2, 'é', at 00:00:01",
            "resets after byte 2, 'é', at 00:00:02",
            "closes after byte 2, 'é', at 00:00:02",
            "is silent after byte 2, 'é', at 00:00:01",
            "resets after byte 3, 'b', at 00:00:03",
            "closes after byte 3, 'b', at 00:00:03",
            "resets after byte 3, 'b', at 00:00:04",
            "closes after byte 3, 'b', at 00:00:04",
        }));
    }

    [Test]
    public void EveryCut_OfSomeKinds_ListsThese()
    {
        SseScript script = OpenStream().Send(Zero, "a").Reset(FromSeconds(2));

        Assert.That(
            EveryCut(script, SseCuts.Close | SseCuts.Silence).Select(cut => cut.ToString()),
            Is.EqualTo(new[]
            {
                "closes before the response, at 00:00:00",
                "never answers",
                "closes after the head, at 00:00:00",
                "is silent after the head, at 00:00:00",
                "closes after byte 1, 'a', at 00:00:00",
                "closes after byte 1, 'a', at 00:00:01",
                "is silent after byte 1, 'a', at 00:00:00",
            }));
        Assert.That(EveryCut(script, SseCuts.None), Is.Empty);
    }

    [Test]
    public void EveryCut_OfRepetitions_CutsEachOfThem()
    {
        SseScript script = OpenStream().Comment(FromSeconds(1)).Repeat(FromSeconds(1), until: FromSeconds(3.5));

        Assert.That(
            EveryCut(script, SseCuts.Reset).Select(cut => cut.ToString()).Last(),
            Is.EqualTo("resets after byte 6, ':\\n', at 00:00:04"));
    }

    [Test]
    public void EveryCut_OfAServerThatDoesNotAnswer_IsBeforeTheResponse() =>
        Assert.That(EveryCut(NeverAnswer()).Count(), Is.EqualTo(4));

    /// <summary>Nothing breaks after a complete response or at the end of the script.</summary>
    [Test]
    public void EveryCut_OfACompleteResponse_IsNone()
    {
        SseScript withLength = OpenStream().WithHeader("Content-Length", "2").Send(Zero, "abc").Close(FromSeconds(1));

        Assert.That(
            EveryCut(withLength, SseCuts.Close).Select(cut => cut.ToString()).Skip(1),
            Is.EqualTo(new[]
            {
                "closes after the head, at 00:00:00",
                "closes after byte 1, 'a', at 00:00:00",
            }));
        Assert.That(EveryCut(Respond(HttpStatusCode.NoContent)).Count(), Is.EqualTo(4));
        Assert.That(
            EveryCut(Respond(HttpStatusCode.NotFound, "a"), SseCuts.Close).Last().ToString(),
            Is.EqualTo("closes after the head, at 00:00:00"));
    }

    [Test]
    public void EveryCut_OfALongEvent_NamesEachByteShortly()
    {
        SseScript script = OpenStream().Event(Zero, new string('x', 1000));

        string[] texts = [.. EveryCut(script).Select(cut => cut.ToString())];

        Assert.That(texts, Is.Unique.And.All.Length.LessThan(80));
        Assert.That(texts, Does.Contain("resets after byte 500, '...xxxxxxxxxxxxxxxxxxxx', at 00:00:00"));
    }

    /// <summary>The stream itself survives every cut: it resumes, and nothing is lost or duplicated.</summary>
    [Test]
    public void FromSse_EveryCut_LosesNothing()
    {
        SseResponseScript script = OpenStream(FromSeconds(1)).InChunksOf(3);
        for (int i = 1; i <= 3; i++)
            script = script.Event(FromSeconds(1 + i), $"é{i}", id: $"{i}");
        var options = new SseOptions
        {
            IdleTimeout = FromSeconds(30),
            Reconnection = Story.WithoutJitter with
            {
                ConfigureAttempt = pipeline => pipeline.AddTimeout(FromSeconds(30)),
            },
        };

        int count = 0;
        foreach (SseScript cut in EveryCut(script))
        {
            var scheduler = new TestScheduler();
            SseTestServer server = new SseTestServer(scheduler, cut).Otherwise(request =>
            {
                SseResponseScript rest = OpenStream();
                for (int i = int.Parse($"0{request.LastEventId}", CultureInfo.InvariantCulture) + 1; i <= 3; i++)
                    rest = rest.Event(Zero, $"é{i}", id: $"{i}");
                return rest;
            });
            List<string> received = [];

            IObservable<SseEvent> events = Observable.FromSse(server.CreateClient(), "/", options, scheduler);
            using (events.Subscribe(e => received.Add(e.Data)))
                scheduler.AdvanceTo(FromMinutes(3).Ticks);

            Assert.That(received, Is.EqualTo(new[] { "é1", "é2", "é3" }), cut.ToString());
            count++;
        }

        Assert.That(count, Is.GreaterThan(100));
    }
}
