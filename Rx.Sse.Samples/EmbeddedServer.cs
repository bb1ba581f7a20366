using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Rx.Sse.Samples;

/// <summary>A web server inside a sample, for this machine alone.</summary>
internal static class EmbeddedServer
{
    /// <param name="port">Where to listen; 0 is any free port.</param>
    public static WebApplicationBuilder CreateBuilder(int port = 0)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, NoHostLifetime>();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        return builder;
    }

    /// <summary>Where a server that has been started listens.</summary>
    public static Uri Address(this WebApplication server) => new(server.Urls.First());

    /// <summary>Ends it at once, with all connections.</summary>
    public static async Task StopAtOnceAsync(this WebApplication server)
    {
        try
        {
            await server.StopAsync(new CancellationToken(canceled: true));
        }
        catch (OperationCanceledException)
        {
            // It has not waited for anybody, as it was told.
        }
    }

    /// <summary>
    /// Leaves Ctrl-C and SIGTERM to the sample. A web application would otherwise take them for itself.
    /// </summary>
    private sealed class NoHostLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
