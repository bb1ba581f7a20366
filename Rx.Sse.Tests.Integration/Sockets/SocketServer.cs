using System.Diagnostics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Rx.Sse.Tests.Integration.Sockets;

/// <summary>A real HTTP server on a port of this machine.</summary>
internal sealed class SocketServer : IAsyncDisposable
{
    /// <summary>
    /// Far longer than the port is ever in use. The tests have a separate time limit for the whole test.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan BetweenAttemptsToListen = TimeSpan.FromMilliseconds(10);

    private readonly WebApplication _app;

    private SocketServer(WebApplication app, Gauge connections, Gauge requests) =>
        (_app, Connections, Requests) = (app, connections, requests);

    /// <summary>The address for HTTP/1.1.</summary>
    public string Url => _app.Urls.First();

    /// <summary>The address for HTTP/2 without TLS.</summary>
    public string Http2Url => _app.Urls.Last();

    /// <summary>The address for the given HTTP version.</summary>
    public Uri UrlFor(bool http2) => new(http2 ? Http2Url : Url);

    /// <summary>The number of open connections.</summary>
    public Gauge Connections { get; }

    /// <summary>
    /// The number of requests that are being answered. A test waits here for the end of a response, not for something
    /// that the response does last: if the client disconnects during a send, the send throws.
    /// </summary>
    public Gauge Requests { get; }

    /// <param name="answer">Answers every request that is not for one of the files.</param>
    /// <param name="files">The manifest of the files from the build of a web application; null for none.</param>
    /// <param name="port">The port for HTTP/1.1; 0 for any free port.</param>
    /// <param name="certificate">The certificate for TLS with HTTP/1.1; null for no TLS.</param>
    public static async Task<SocketServer> StartAsync(
        RequestDelegate answer, string? files = null, int port = 0, X509Certificate2? certificate = null)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            SocketServer server = Build(answer, files, port, certificate);
            try
            {
                await server._app.StartAsync();
                return server;
            }
            catch (IOException exception) when (
                exception.InnerException is AddressInUseException && Stopwatch.GetElapsedTime(start) < Patience)
            {
                // A process that another test starts has a copy of every socket until it has loaded its program, so the
                // port of a server that restarts may still be in use for a moment.
                await server.DisposeAsync();
                await Task.Delay(BetweenAttemptsToListen);
            }
        }
    }

    /// <summary>Stops the server gracefully: responses that have started may end.</summary>
    public Task StopAsync(CancellationToken hang) => _app.StopAsync(hang);

    /// <summary>Stops the server at once, and closes all connections.</summary>
    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static SocketServer Build(RequestDelegate answer, string? files, int port, X509Certificate2? certificate)
    {
        var connections = new Gauge();
        var requests = new Gauge();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        if (files is not null)
        {
            builder.Configuration[WebHostDefaults.StaticWebAssetsKey] = files;
            StaticWebAssetsLoader.UseStaticWebAssets(builder.Environment, builder.Configuration);
        }

        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            // No client is disconnected for being slow, because the machine may be busy.
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, port, listen =>
            {
                Configure(listen, HttpProtocols.Http1);
                if (certificate is not null)
                    listen.UseHttps(certificate, https => https.HandshakeTimeout = TimeSpan.FromHours(1));
            });
            kestrel.Listen(IPAddress.Loopback, 0, listen => Configure(listen, HttpProtocols.Http2));
        });
        WebApplication app = builder.Build();
        if (files is not null)
            app.UseFileServer(new FileServerOptions { StaticFileOptions = { ServeUnknownFileTypes = true } });
        app.Run(context => CountAsync(requests, () => answer(context)));
        return new SocketServer(app, connections, requests);

        void Configure(ListenOptions listen, HttpProtocols protocols)
        {
            listen.Protocols = protocols;
            listen.Use(next => connection => CountAsync(connections, () => next(connection)));
        }
    }

    private static async Task CountAsync(Gauge gauge, Func<Task> run)
    {
        gauge.Increment();
        try
        {
            await run();
        }
        finally
        {
            gauge.Decrement();
        }
    }
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

    /// <summary>Leaves the response open until the client disconnects.</summary>
    public static async Task UntilAbortedAsync(this HttpContext context)
    {
        var aborted = new TaskCompletionSource();
        using (context.RequestAborted.Register(aborted.SetResult))
            await aborted.Task;
    }
}
