using Microsoft.Reactive.Testing;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Testing;

/// <summary>Assertions about what was recorded. They share their name with those of Rx's testing library.</summary>
internal sealed class SseAssertTests
{
    [Test]
    public void AssertEqual_Requests_ShowsBothListsAndWhereTheyDiffer() =>
        Assert.That(
            () => new[]
            {
                ExpectedGet(Zero), ExpectedGet(FromSeconds(4), "/a?b", "7"), ExpectedPost(FromSeconds(5), body: "{}"),
            }.AssertEqual(ExpectedGet(Zero), ExpectedGet(FromSeconds(3), "/a?b", "7")),
            Throws.TypeOf<SseAssertException>().With.Message.EqualTo(Lines(
                "Expected:",
                "  1. GET http://localhost/ at 00:00:00",
                "> 2. GET http://localhost/a?b at 00:00:03, Last-Event-ID '7'",
                "But was:",
                "  1. GET http://localhost/ at 00:00:00",
                "> 2. GET http://localhost/a?b at 00:00:04, Last-Event-ID '7'",
                "  3. POST http://localhost/ at 00:00:05, body '{}'")));

    [Test]
    public void AssertEqual_Connections_ShowsBothListsAndWhereTheyDiffer() =>
        Assert.That(
            () => new[] { ExpectedConnection(Zero), ExpectedConnection(null, FromSeconds(1), SseClosedBy.Server) }
                .AssertEqual(),
            Throws.TypeOf<SseAssertException>().With.Message.EqualTo(Lines(
                "Expected: none",
                "But was:",
                "> 1. opened at 00:00:00, not closed",
                "  2. not answered, closed at 00:00:01 by the Server")));

    [Test]
    public void AssertEqual_RequestsThatDifferInOneThing_AreReported()
    {
        SseTestRequest request = ExpectedPost(FromSeconds(1), "/a", "{}", "7");
        SseTestRequest[] others =
        [
            request with { Time = Zero },
            request with { Method = HttpMethod.Get },
            request with { Address = new Uri("http://localhost/b") },
            request with { LastEventId = "" },
            request with { Body = "" },
        ];

        foreach (SseTestRequest other in others)
            Assert.That(() => new[] { other }.AssertEqual(request), Throws.TypeOf<SseAssertException>());
        Assert.That(
            () => new[] { request with { Headers = new Dictionary<string, string> { ["X"] = "y" } } }.AssertEqual(
                request),
            Throws.Nothing);
    }

    [Test]
    public void AssertEqual_Lists_AreComparedAsWell()
    {
        List<SseTestRequest> requests = [ExpectedGet(Zero), ExpectedPost(FromSeconds(1), body: "{}")];
        List<SseTestConnection> connections = [ExpectedConnection(Zero)];

        Assert.That(
            () => requests.AssertEqual(new List<SseTestRequest> { requests[0] with { }, requests[1] with { } }),
            Throws.Nothing);
        Assert.That(() => requests.AssertEqual(new List<SseTestRequest>()), Throws.TypeOf<SseAssertException>());
        Assert.That(
            () => connections.AssertEqual(new List<SseTestConnection> { connections[0] with { } }), Throws.Nothing);
        Assert.That(() => connections.AssertEqual(new List<SseTestConnection>()), Throws.TypeOf<SseAssertException>());
    }

    [Test]
    public void SseTestRequest_Equal_HaveEqualHashCodes()
    {
        SseTestRequest request = ExpectedGet(FromSeconds(1), "/a"), nowhere = new() { Time = Zero, Address = null! };

        Assert.That((request with { }).GetHashCode(), Is.EqualTo(request.GetHashCode()));
        Assert.That((nowhere with { }).GetHashCode(), Is.EqualTo(nowhere.GetHashCode()));
        Assert.That(request, Is.Not.EqualTo(nowhere).And.Not.Null);
    }

    private static string Lines(params string[] lines) =>
        string.Concat(lines.Select(line => line + Environment.NewLine));
}
