using System.Globalization;
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
            "refuses at 00:00:01",
            "refuses at 00:00:01",
            "never answers",
            "answers 200 at 00:00:01; resets at 00:00:01",
            "answers 200 at 00:00:01; closes at 00:00:01",
            "answers 200 at 00:00:01",
            "answers 200 at 00:00:01; sends '\uFFFD' at 00:00:01; resets at 00:00:01",
            "answers 200 at 00:00:01; sends '\uFFFD' at 00:00:01; closes at 00:00:01",
            "answers 200 at 00:00:01; sends '\uFFFD' at 00:00:01",
            "answers 200 at 00:00:01; sends 'é' at 00:00:01; resets at 00:00:01",
            "answers 200 at 00:00:01; sends 'é' at 00:00:01; closes at 00:00:01",
            "answers 200 at 00:00:01; sends 'é' at 00:00:01; resets at 00:00:02",
            "answers 200 at 00:00:01; sends 'é' at 00:00:01; closes at 00:00:02",
            "answers 200 at 00:00:01; sends 'é' at 00:00:01",
            "answers 200 at 00:00:01; sends 'é' at 00:00:01; sends 'b' at 00:00:03; resets at 00:00:03",
            "answers 200 at 00:00:01; sends 'é' at 00:00:01; sends 'b' at 00:00:03; closes at 00:00:03",
            "answers 200 at 00:00:01; sends 'é' at 00:00:01; sends 'b' at 00:00:03; resets at 00:00:04",
            "answers 200 at 00:00:01; sends 'é' at 00:00:01; sends 'b' at 00:00:03; closes at 00:00:04",
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
                "refuses at 00:00:00",
                "never answers",
                "answers 200 at 00:00:00; closes at 00:00:00",
                "answers 200 at 00:00:00",
                "answers 200 at 00:00:00; sends 'a' at 00:00:00; closes at 00:00:00",
                "answers 200 at 00:00:00; sends 'a' at 00:00:00; closes at 00:00:01",
                "answers 200 at 00:00:00; sends 'a' at 00:00:00",
            }));
        Assert.That(EveryCut(script, SseCuts.None), Is.Empty);
    }

    [Test]
    public void EveryCut_OfRepetitions_CutsEachOfThem()
    {
        SseScript script = OpenStream().Comment(FromSeconds(1)).Repeat(FromSeconds(1), until: FromSeconds(3.5));

        Assert.That(
            EveryCut(script, SseCuts.Reset).Select(cut => cut.ToString()).Last(),
            Is.EqualTo(
                "answers 200 at 00:00:00; sends ':\\n' at 00:00:01; sends ':\\n' at 00:00:02; "
                + "sends ':\\n' at 00:00:03; resets at 00:00:04"));
    }

    [Test]
    public void EveryCut_OfAServerThatDoesNotAnswer_IsBeforeTheResponse() =>
        Assert.That(EveryCut(NeverAnswer()).Count(), Is.EqualTo(4));

    /// <summary>The stream itself survives every cut: it resumes, and nothing is lost or comes twice.</summary>
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
