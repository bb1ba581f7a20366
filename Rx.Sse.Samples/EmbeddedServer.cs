using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Rx.Sse.Samples;

/// <summary>A web server inside a sample. It listens on the loopback address only.</summary>
internal static class EmbeddedServer
{
    /// <param name="port">The port to listen on; 0 for any free port.</param>
    public static WebApplicationBuilder CreateBuilder(int port = 0)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, NoHostLifetime>();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        return builder;
    }

    /// <summary>Returns the address of a server that has been started.</summary>
    public static Uri Address(this WebApplication server) => new(server.Urls.First());

    /// <summary>Stops it at once, and closes all connections.</summary>
    public static async Task StopAtOnceAsync(this WebApplication server)
    {
        try
        {
            await server.StopAsync(new CancellationToken(canceled: true));
        }
        catch (OperationCanceledException)
        {
            // Expected: the token is cancelled, so that it does not wait for connections to end.
        }
    }

    /// <summary>Leaves Ctrl-C and SIGTERM to the sample. The default lifetime of a host would handle them.</summary>
    private sealed class NoHostLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
