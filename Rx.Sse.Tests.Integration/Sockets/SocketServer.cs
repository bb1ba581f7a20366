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
    /// <summary>Far more than the port is taken for; the tests' own limit is for all they do.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan BetweenAttemptsToListen = TimeSpan.FromMilliseconds(10);

    private readonly WebApplication _app;

    private SocketServer(WebApplication app, Gauge connections) => (_app, Connections) = (app, connections);

    /// <summary>Where it speaks HTTP/1.1.</summary>
    public string Url => _app.Urls.First();

    /// <summary>Where it speaks HTTP/2, without TLS.</summary>
    public string Http2Url => _app.Urls.Last();

    /// <summary>Where it speaks that version.</summary>
    public Uri UrlFor(bool http2) => new(http2 ? Http2Url : Url);

    /// <summary>The connections that are open.</summary>
    public Gauge Connections { get; }

    /// <param name="answer">Answers every request, if there is no such file.</param>
    /// <param name="files">The manifest of the files that the build of a web application has made; null for
    /// none.</param>
    /// <param name="port">Where it speaks HTTP/1.1; 0 for any free port.</param>
    /// <param name="certificate">For TLS under HTTP/1.1; null for none.</param>
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
                // A process that another test starts has a copy of every socket until it has loaded its program, so a
                // server that comes back may find its own port taken for a moment.
                await server.DisposeAsync();
                await Task.Delay(BetweenAttemptsToListen);
            }
        }
    }

    /// <summary>Stops it gracefully: answers that have begun may end.</summary>
    public Task StopAsync(CancellationToken hang) => _app.StopAsync(hang);

    /// <summary>Ends it at once, all connections with it.</summary>
    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static SocketServer Build(RequestDelegate answer, string? files, int port, X509Certificate2? certificate)
    {
        var connections = new Gauge();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        if (files is not null)
        {
            builder.Configuration[WebHostDefaults.StaticWebAssetsKey] = files;
            StaticWebAssetsLoader.UseStaticWebAssets(builder.Environment, builder.Configuration);
        }

        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            // Nobody is cut off for being slow: that may be the machine.
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
        app.Run(answer);
        return new SocketServer(app, connections);

        void Configure(ListenOptions listen, HttpProtocols protocols)
        {
            listen.Protocols = protocols;
            listen.Use(next => connection => CountAsync(connections, next(connection)));
        }
    }

    private static async Task CountAsync(Gauge connections, Task connection)
    {
        connections.Increment();
        try
        {
            await connection;
        }
        finally
        {
            connections.Decrement();
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

    /// <summary>Leaves the response open until the client goes.</summary>
    public static async Task UntilAbortedAsync(this HttpContext context)
    {
        var aborted = new TaskCompletionSource();
        using (context.RequestAborted.Register(aborted.SetResult))
            await aborted.Task;
    }
}
