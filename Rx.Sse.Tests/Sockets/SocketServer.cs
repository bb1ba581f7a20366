using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Rx.Sse.Tests.Sockets;

/// <summary>A real HTTP server on a free port of this machine.</summary>
internal sealed class SocketServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SocketServer(WebApplication app) => _app = app;

    /// <summary>Where it speaks HTTP/1.1.</summary>
    public string Url => _app.Urls.First();

    /// <summary>Where it speaks HTTP/2, without TLS.</summary>
    public string Http2Url => _app.Urls.Last();

    /// <param name="answer">Answers every request, if there is no such file.</param>
    /// <param name="files">The manifest of the files that the build of a web application has made.</param>
    public static async Task<SocketServer> StartAsync(RequestDelegate answer, string? files = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        if (files is not null)
        {
            builder.Configuration[WebHostDefaults.StaticWebAssetsKey] = files;
            StaticWebAssetsLoader.UseStaticWebAssets(builder.Environment, builder.Configuration);
        }

        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        WebApplication app = builder.Build();
        if (files is not null)
            app.UseFileServer(new FileServerOptions { StaticFileOptions = { ServeUnknownFileTypes = true } });
        app.Run(answer);
        await app.StartAsync();
        return new SocketServer(app);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}

internal static class HttpContextExtensions
{
    public static string LastEventId(this HttpContext context) => context.Request.Headers["Last-Event-ID"].ToString();

    public static async Task SendAsync(this HttpContext context, string text)
    {
        if (!context.Response.HasStarted)
            context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync(text, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    /// <summary>Leaves the response open until the client goes.</summary>
    public static async Task UntilAbortedAsync(this HttpContext context)
    {
        var aborted = new TaskCompletionSource();
        using (context.RequestAborted.Register(aborted.SetResult))
            await aborted.Task;
    }
}
