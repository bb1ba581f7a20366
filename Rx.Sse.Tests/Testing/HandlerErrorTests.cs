using System.Net;
using Microsoft.Reactive.Testing;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Testing;

/// <summary>Properties that only .NET's network errors have are the same as with .NET's handler.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class HandlerErrorTests
{
    private readonly TestScheduler _scheduler = new();

    [Test]
    public void Request_HeaderBeyondAscii_IsRefusedWithAnUnknownError()
    {
        var server = new SseTestServer(_scheduler, OpenStream());
        using var message = new HttpRequestMessage(HttpMethod.Get, "/");
        message.Headers.TryAddWithoutValidation("Last-Event-ID", "käse");

        HttpRequestException? refused =
            Assert.ThrowsAsync<HttpRequestException>(() => server.CreateClient().SendAsync(message)).Result;

        Assert.That(refused!.HttpRequestError, Is.EqualTo(HttpRequestError.Unknown));
        Assert.That(refused.StatusCode, Is.Null);
    }

    /// <summary>Not with the netstandard2.0 build, which does not have <see cref="HttpIOException"/>.</summary>
    [Test]
    [Category("NotNetStandard")]
    public void ContentLength_NotReached_FailsTheReadAsDotNetDoes()
    {
        var server = new SseTestServer(
            _scheduler, OpenStream().WithHeader("Content-Length", "10").Send(Zero, "hello").Close(Zero));
        Stream body = server.CreateClient().GetStreamAsync("/").Result;
        byte[] buffer = new byte[10];

        Assert.That(body.ReadAsync(buffer).AsTask().Result, Is.EqualTo(5));
        HttpIOException? error = Assert.ThrowsAsync<HttpIOException>(() => body.ReadAsync(buffer).AsTask()).Result;
        Assert.That(error!.HttpRequestError, Is.EqualTo(HttpRequestError.ResponseEnded));
        Assert.That(error.Message, Does.StartWith("The response ended prematurely"));
    }
}
