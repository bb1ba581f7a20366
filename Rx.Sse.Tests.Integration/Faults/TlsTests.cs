using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Reactive.Linq;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Rx.Sse.Tests.Integration.Sockets;
using Rx.Sse.Tests.Reliability.Proxy;
using Rx.Sse.Tests.Reliability.Replay;

namespace Rx.Sse.Tests.Integration.Faults;

/// <summary>TLS handshakes that fail, and TLS connections that break.</summary>
[CancelAfter(60_000)]
internal sealed class TlsTests
{
    private const int Events = 300;

    private readonly X509Certificate2 _certificate = CreateCertificate();

    [OneTimeTearDown]
    public void DisposeOfCertificate() => _certificate.Dispose();

    [Test]
    public async Task FromSse_UntrustedCertificate_FailsInTheHandshake(CancellationToken hang)
    {
        await using SocketServer server = await StartAsync();
        using var client = new HttpClient();

        SignalLog log = await SignalLog.OfAsync(Observable.FromSseSignals(client, server.Url, FaultStory.Never), hang);

        AssertIsHandshake<AuthenticationException>(log.Error);
    }

    [Test]
    public async Task FromSse_CertificateIsRejectedTheFirstTime_IsFinal(CancellationToken hang)
    {
        int handshakes = 0;
        await using SocketServer server = await StartAsync();
        using HttpClient client = NewClient(() => ++handshakes > 1);

        SignalLog log = await SignalLog.OfAsync(Observable.FromSseSignals(client, server.Url, FaultStory.Quick), hang);

        Assert.That(log.Losses, Is.Empty);
        AssertIsHandshake<AuthenticationException>(log.Error);
    }

    /// <summary>
    /// A server whose certificate was accepted before may be replacing it, so the rejection is retried.
    /// </summary>
    [Test]
    public async Task FromSse_CertificateIsRejectedTheSecondTime_Reconnects(CancellationToken hang)
    {
        int handshakes = 0;
        await using SocketServer server = await StartAsync();
        using HttpClient client = NewClient(() => ++handshakes != 2);
        client.DefaultRequestHeaders.ConnectionClose = true;

        SignalLog log = await SignalLog.OfAsync(Observable.FromSseSignals(client, server.Url, FaultStory.Quick), hang);

        Assert.That(log.Losses, Is.EqualTo(new[] { LossReason.End, nameof(AuthenticationException) }));
        Assert.That(log.Data.Count(), Is.EqualTo(Events));
    }

    [Test]
    public async Task FromSse_ServerSpeaksNoTls_FailsWithTheHandshake(CancellationToken hang)
    {
        await using SocketServer server = await SocketServer.StartAsync(_ => Task.CompletedTask);
        using HttpClient client = NewClient(() => true);
        string url = server.Url.Replace("http:", "https:", StringComparison.Ordinal);

        SignalLog log = await SignalLog.OfAsync(Observable.FromSseSignals(client, url, FaultStory.Never), hang);

        AssertIsHandshake<AuthenticationException>(log.Error);
    }

    [Test]
    public async Task FromSse_HandshakeIsReset_FailsWithTheSocketsError(CancellationToken hang)
    {
        await using SocketServer server = await StartAsync();
        await using var proxy = new FaultProxy(
            new Uri(server.Url), FaultPlans.InOrder(new Fault(FaultKind.Reset, FaultPlace.BeforeHeaders)));
        using HttpClient client = NewClient(() => true);

        SignalLog log = await SignalLog.OfAsync(Observable.FromSseSignals(client, proxy.Url, FaultStory.Never), hang);

        AssertIsHandshake<SocketException>(log.Error);
    }

    /// <summary>
    /// The proxy cannot read encrypted data, and treats everything as headers, so it counts bytes instead.
    /// </summary>
    [Test]
    public async Task FromSse_CutBelowTls_LosesNothing(
        [Values(FaultKind.Reset, FaultKind.Close)] FaultKind kind, CancellationToken hang)
    {
        int[] bytes = [1_000, 5_000, 10_001, 20_003, 25_007];
        var log = new ReplayLog(seed: 1) { Count = Events };
        await using SocketServer server = await SocketServer.StartAsync(log.AnswerAsync, certificate: _certificate);
        FaultPlan plan = FaultPlans.InOrder(
            bytes.Select(count => new Fault(kind, FaultPlace.InHeaders) { Skip = count }));
        await using var proxy = new FaultProxy(new Uri(server.Url), plan);
        using HttpClient client = NewClient(() => true);

        SignalLog seen = await SignalLog.OfAsync(Observable.FromSseSignals(client, proxy.Url, FaultStory.Quick), hang);

        TestContext.Out.WriteLine($"{proxy.Injected}; {string.Join(", ", seen.Losses)}");
        Assert.That(proxy.Injected.Total, Is.EqualTo(bytes.Length));
        Assert.That(seen.Losses.Count(), Is.GreaterThanOrEqualTo(bytes.Length));
        Assert.That(seen.Data, Is.EqualTo(Enumerable.Range(1, Events).Select(number => ReplayLog.DataOf(number))));
    }

    private Task<SocketServer> StartAsync() =>
        SocketServer.StartAsync(new ReplayLog(seed: 1) { Count = Events }.AnswerAsync, certificate: _certificate);

    private static HttpClient NewClient(Func<bool> isTrusted) => new(new SocketsHttpHandler
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, _, _, _) => isTrusted(),
        },
    });

    private static void AssertIsHandshake<TCause>(Exception? error)
    {
        Assert.That(error, Is.TypeOf<SseConnectionException>());
        Assert.That(
            error!.InnerException,
            Is.TypeOf<HttpRequestException>().With.Property("HttpRequestError")
                .EqualTo(HttpRequestError.SecureConnectionError));
        Assert.That(error.GetBaseException(), Is.InstanceOf<TCause>());
    }

    private static X509Certificate2 CreateCertificate()
    {
        using RSA key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 certificate = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));

        // Not every platform's TLS accepts a key that exists only in memory.
        byte[] file = certificate.Export(X509ContentType.Pfx);
#if NET9_0_OR_GREATER
        return X509CertificateLoader.LoadPkcs12(file, password: null);
#else
        return new X509Certificate2(file);
#endif
    }
}
