using System.Net;
using Microsoft.Reactive.Testing;
using Rx.Sse.Testing;

namespace Rx.Sse.Tests.Testing;

/// <summary>What <see cref="SseRecorder"/> writes of a client that sends and reads synchronously.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Category("NotNetStandard")]
internal sealed class SynchronousRecorderTests
{
    private readonly StringWriter _recording = new();

    [Test]
    public void Send_BodyIsReadToItsEnd_IsRecorded([Values] bool isCopied)
    {
        using HttpClient client = ClientOf(() => new MemoryStream("data: a\n\n"u8.ToArray()));
        using var copy = new MemoryStream();

        using HttpResponseMessage response = Send(client);
        if (isCopied)
            response.Content.CopyTo(copy, null, CancellationToken.None);
        else
            response.Content.ReadAsStream().CopyTo(copy);

        Assert.That(copy.ToArray(), Is.EqualTo("data: a\n\n"u8.ToArray()));
        Assert.That(_recording.ToString(), Does.EndWith("""
            00:00:00 request 1 GET http://localhost/
            00:00:00 response 1 200
            00:00:00 bytes 1
              "data: a\n"
              "\n"
            00:00:00 end 1

            """.ReplaceLineEndings("\n")));
    }

    [Test]
    public void Read_Fails_IsRecorded()
    {
        using HttpClient client = ClientOf(() => new BrokenStream());

        using HttpResponseMessage response = Send(client);

        Assert.That(() => response.Content.ReadAsStream().ReadByte(), Throws.TypeOf<IOException>());
        Assert.That(
            _recording.ToString(),
            Does.EndWith("00:00:00 response 1 200\n00:00:00 error 1\n  IOException \"broken\"\n"));
    }

    [Test]
    public void Send_Fails_IsRecorded()
    {
        using HttpClient client = ClientOf(() => throw new IOException("broken"));

        Assert.That(() => Send(client), Throws.TypeOf<IOException>());
        Assert.That(_recording.ToString(), Does.EndWith("00:00:00 error 1\n  IOException \"broken\"\n"));
    }

    private static HttpResponseMessage Send(HttpClient client) => client.Send(
        new HttpRequestMessage(HttpMethod.Get, "http://localhost/"), HttpCompletionOption.ResponseHeadersRead);

    private HttpClient ClientOf(Func<Stream> open) =>
        new(new SseRecorder(_recording, new TestScheduler()) { InnerHandler = new SynchronousServer(open) });

    private sealed class SynchronousServer(Func<Stream> open) : HttpMessageHandler
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
            new(HttpStatusCode.OK) { Content = new StreamContent(open()), RequestMessage = request };

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override int Read(byte[] buffer, int offset, int count) => throw new IOException("broken");

        public override int Read(Span<byte> buffer) => throw new IOException("broken");
    }
}
