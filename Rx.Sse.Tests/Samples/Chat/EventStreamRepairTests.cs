using System.Net;
using System.Text;
using Rx.Sse.Samples.Chat;

namespace Rx.Sse.Tests.Samples.Chat;

[CancelAfter(60_000)]
internal sealed class EventStreamRepairTests
{
    [TestCase("data: a\n\ndata:b\r\n\r\ndata: c\r\rdata\n\n")]
    [TestCase(": comment\n:\nevent: x\nid: 7\nid\nretry: 5\ndata: error: a\n\n")]
    [TestCase("data: déjà vu 日本\n\n")]
    [TestCase("\n\r\n\r")]
    [TestCase("")]
    public async Task Read_EventStream_IsUnchanged(string body) =>
        Assert.That(await RepairAsync(body), Is.EqualTo(body));

    [TestCase("error: {\"a\":1}\n\n", "event: error\ndata: {\"a\":1}\n\n")]
    [TestCase("data: a\n\nerror:b", "data: a\n\nevent: error\ndata:b")]
    [TestCase("data: a\rerror:b\r\r", "data: a\revent: error\ndata:b\r\r")]
    public async Task Read_ErrorField_IsErrorEvent(string body, string repaired) =>
        Assert.That(await RepairAsync(body), Is.EqualTo(repaired));

    [TestCase("Overloaded", "data:Overloaded")]
    [TestCase("日本\n", "data:日本\n")]
    [TestCase("no", "data:no\n")]
    [TestCase("{\n  \"a\": 1\n}", "data:{\ndata:  \"a\": 1\ndata:}\n")]
    [TestCase("errors: a\ndatabase: b\nevents\nerror\n", "data:errors: a\ndata:database: b\ndata:events\ndata:error\n")]
    [TestCase(" data: a\n\n", "data: data: a\n\n")]
    [TestCase("Data: a\n\n", "data:Data: a\n\n")]
    [TestCase("\uFEFFdata: a\n\n", "data:\uFEFFdata: a\n\n")]
    public async Task Read_OtherLine_IsData(string body, string repaired) =>
        Assert.That(await RepairAsync(body), Is.EqualTo(repaired));

    [Test]
    public async Task Read_ConnectionBreaks_EndsTheEventFirst(CancellationToken hang)
    {
        var failure = new IOException("broken");
        using var client = Client(new CutStream("data: a", failure));
        using HttpResponseMessage response = await client.GetAsync(
            new Uri("http://a.test"), HttpCompletionOption.ResponseHeadersRead, hang);
        await using Stream body = await response.Content.ReadAsStreamAsync(hang);
        var read = new MemoryStream();

        Assert.That(
            async () => await body.CopyToAsync(read, hang), Throws.TypeOf<IOException>().And.Message.EqualTo("broken"));
        Assert.That(Encoding.UTF8.GetString(read.ToArray()), Is.EqualTo("data: a\n\n"));
    }

    [Test]
    public async Task Send_RefusedRequest_LeavesTheBodyAsItIs(CancellationToken hang)
    {
        using var client = Client(new CutStream("error: a", null), HttpStatusCode.BadRequest);
        using HttpResponseMessage response = await client.GetAsync(new Uri("http://a.test"), hang);

        Assert.That(await response.Content.ReadAsStringAsync(hang), Is.EqualTo("error: a"));
    }

    [Test]
    public async Task Send_Response_KeepsTheHeaders(CancellationToken hang)
    {
        using var client = Client(new CutStream("", null));
        using HttpResponseMessage response = await client.GetAsync(new Uri("http://a.test"), hang);

        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("text/event-stream"));
    }

    [Test]
    public async Task Dispose_Response_ClosesTheBody(CancellationToken hang)
    {
        var body = new CutStream("data: a", null);
        using var client = Client(body);

        (await client.GetAsync(new Uri("http://a.test"), HttpCompletionOption.ResponseHeadersRead, hang)).Dispose();

        Assert.That(body.CanRead, Is.False);
    }

    private static async Task<string> RepairAsync(string body)
    {
        using var client = Client(new CutStream(body, null));
        return Encoding.UTF8.GetString(await client.GetByteArrayAsync(new Uri("http://a.test")));
    }

    private static HttpClient Client(Stream body, HttpStatusCode status = HttpStatusCode.OK) =>
        new(new EventStreamRepair(new Handler(body, status)));

    private sealed class Handler(Stream body, HttpStatusCode status) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(status)
            {
                Content = new StreamContent(body) { Headers = { { "Content-Type", "text/event-stream" } } },
            });
    }

    /// <summary>Returns one byte at a time, and then throws the failure, if any.</summary>
    private sealed class CutStream(string text, Exception? failure) : MemoryStream(Encoding.UTF8.GetBytes(text))
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position == Length && failure is not null
                ? ValueTask.FromException<int>(failure)
                : base.ReadAsync(buffer[..Math.Min(1, buffer.Length)], cancellationToken);
    }
}
