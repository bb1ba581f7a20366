using System.Reactive.Linq;
using Rx.Sse.Tests.Reliability;
using Rx.Sse.Tests.Reliability.Replay;

namespace Rx.Sse.Tests.Integration.Faults;

/// <summary>Incomplete responses, exactly as a server sends them before it closes the connection.</summary>
[CancelAfter(60_000)]
internal sealed class FramingTests
{
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";
    private const string Body = "id: 1\ndata: a\n\nid: 2\ndata: b";
    private const string Rest =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\nid: 2\ndata: b\n\n";
    private const string NoContent = "HTTP/1.1 204 No Content\r\n\r\n";

    [TestCase(
        "Transfer-Encoding: chunked\r\n\r\n1c\r\n" + Body + "\r\n",
        LossReason.CutShort,
        TestName = "Chunked_WithoutTheLastChunk_IsCutShort")]
    [TestCase(
        "Transfer-Encoding: chunked\r\n\r\nff\r\n" + Body,
        LossReason.CutShort,
        TestName = "Chunked_InTheMiddleOfAChunk_IsCutShort")]
    [TestCase(
        "Transfer-Encoding: chunked\r\n\r\n1c\r\n" + Body + "\r\n0\r\n",
        LossReason.CutShort,
        TestName = "Chunked_WithoutTheLastLineEnd_IsCutShort")]
    [TestCase(
        "Content-Length: 1000\r\n\r\n" + Body,
        LossReason.CutShort,
        TestName = "ContentLength_LongerThanTheBody_IsCutShort")]
    [TestCase(
        "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n1c\r\n" + Body + "\r\n0\r\n\r\n",
        LossReason.End,
        TestName = "Chunked_ThatEndsInsideAnEvent_IsAnEnd")]
    [TestCase("Connection: close\r\n\r\n" + Body, LossReason.End, TestName = "ConnectionClose_InsideAnEvent_IsAnEnd")]
    public async Task Response_EndsInsideAnEvent_DropsTheBlockAndItsId(
        string response, string reason, CancellationToken hang)
    {
        using var client = new HttpClient();
        await using RawServer once = Answering(Head + response);
        await using RawServer thrice = Answering(Head + response, Rest, NoContent);

        SignalLog failed = await SignalLog.OfAsync(Observable.FromSseSignals(client, once.Url, FaultStory.Never), hang);
        SignalLog resumed = await SignalLog.OfAsync(
            Observable.FromSseSignals(client, thrice.Url, FaultStory.Quick), hang);

        Assert.That(failed.Data, Is.EqualTo(new[] { "a" }));
        Assert.That(failed.Error is null, Is.EqualTo(reason == LossReason.End));
        Assert.That(resumed.Data, Is.EqualTo(new[] { "a", "b" }));
        Assert.That(resumed.Losses, Is.EqualTo(new[] { reason, LossReason.End }));
        Assert.That(
            resumed.All<SseConnecting>().Select(connecting => connecting.LastEventId),
            Is.EqualTo(new[] { "", "1", "2" }));
    }

    [TestCase("data: a\n\n\r\n\r\n", TestName = "StatusLine_ThatIsNone_IsAFailure")]
    [TestCase("HTTP/1.1 200 OK\r\nno header\r\n\r\n", TestName = "Headers_ThatAreNone_AreAFailure")]
    [TestCase(Head + "Transfer-Encoding: chunked\r\n\r\nno size\r\n", TestName = "Chunked_WithABadSize_IsAFailure")]
    public async Task Response_ThatIsNoHttp_Fails(string response, CancellationToken hang)
    {
        using var client = new HttpClient();
        await using RawServer server = Answering(response);

        SignalLog log = await SignalLog.OfAsync(Observable.FromSseSignals(client, server.Url, FaultStory.Never), hang);

        Assert.That(log.Error, Is.TypeOf<SseConnectionException>());
        Assert.That(log.Error!.InnerException, Is.InstanceOf<HttpRequestException>().Or.InstanceOf<IOException>());
        Assert.That(LossReason.Of((SseException)log.Error), Is.EqualTo(nameof(HttpRequestError.InvalidResponse)));
    }

    /// <summary>
    /// Starts a server that answers each connection with the next of these responses, whatever the request.
    /// </summary>
    private static RawServer Answering(params string[] responses)
    {
        int next = 0;
        return new RawServer(connection => connection.SendAsync(responses[next++]));
    }
}
