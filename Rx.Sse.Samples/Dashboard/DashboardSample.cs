using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Rx.Sse.Samples.Dashboard.ViewModels;

namespace Rx.Sse.Samples.Dashboard;

/// <summary>The server of a page that shows one stream, with a button that cuts the connection.</summary>
internal static class DashboardSample
{
    private const ushort DefaultPort = 5080;

    public static Command CreateCommand()
    {
        Option<int?> port = PortOption.Create(DefaultPort);
        var command = new Command(
            "dashboard",
            "Show a live page in the browser: prices, a chart, the connection's state, and a button that cuts it.")
        {
            port,
        };
        command.SetAction((result, cancellation) => RunAsync(result.GetValue(port) ?? DefaultPort, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(int port, CancellationToken cancellation)
    {
        var market = new Market(TimeProvider.System);
        await using WebApplication server = CreateServer(market, port);
        await server.StartAsync(cancellation);
        Console.WriteLine($"Open {server.Address()} in a browser. Press Ctrl-C to stop the server.");

        try
        {
            await market.RunAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The usual end of a server.
            await server.StopAtOnceAsync();
        }

        return ExitCode.Success;
    }

    private static WebApplication CreateServer(Market market, int port)
    {
        WebApplicationBuilder builder = EmbeddedServer.CreateBuilder(port);
        builder.WebHost.UseStaticWebAssets();
        builder.Services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, QuoteJson.Default));
        WebApplication server = builder.Build();
        var connections = new OpenConnections();

        server.MapGet("prices", (HttpContext context, [FromHeader(Name = "Last-Event-ID")] string? lastEventId) =>
        {
            connections.Add(context);
            return TypedResults.ServerSentEvents(market.FollowAsync(lastEventId, context.RequestAborted));
        });
        server.MapPost("drop", () =>
        {
            connections.Abort();
            return TypedResults.NoContent();
        });
        server.MapStaticAssets();
        server.MapFallbackToFile("index.html");
        return server;
    }
}
