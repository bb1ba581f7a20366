using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Rx.Sse.Tests.Reliability.Replay;

/// <summary>Serves a <see cref="ReplayLog"/> on free ports of this machine.</summary>
internal sealed class ReplayServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ReplayServer(WebApplication app) => _app = app;

    /// <summary>The address for HTTP/2 without TLS, or for HTTP/1.1.</summary>
    public Uri UrlFor(bool http2) => new(http2 ? _app.Urls.Last() : _app.Urls.First());

    public static async Task<ReplayServer> StartAsync(ReplayLog log)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        WebApplication app = builder.Build();
        app.Run(log.AnswerAsync);
        await app.StartAsync();
        return new ReplayServer(app);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
