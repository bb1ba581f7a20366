using System.Collections.Concurrent;
using System.Globalization;
using System.Net;

namespace Rx.Sse.Tests.Integration.ContractService;

/// <summary>The HTTP service through which external conformance suites drive the library.</summary>
internal static class ContractApp
{
    private static readonly string[] Capabilities =
        [
            "bom", "comments", "headers", "last-event-id", "post", "read-timeout", "report", "restart",
            "server-directed-shutdown-request",
        ];

    public static WebApplication Build(int port)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        WebApplication app = builder.Build();

        var client = new HttpClient(new SocketsHttpHandler
        {
            RequestHeaderEncodingSelector = SseRequest.HeaderEncoding,
        });
        var streams = new ConcurrentDictionary<string, ReportedStream>();
        int lastStream = 0;

        app.MapGet("/", () => Results.Json(new { capabilities = Capabilities }));

        app.MapDelete("/", (IHostApplicationLifetime lifetime) => lifetime.StopApplication());

        app.MapPost("/", async (HttpContext context) =>
        {
            try
            {
                StreamParameters parameters = await context.Request.ReadFromJsonAsync<StreamParameters>()
                    ?? throw new ArgumentException("There are no parameters.");
                var stream = ReportedStream.Open(client, parameters);
                string id = Interlocked.Increment(ref lastStream).ToString(CultureInfo.InvariantCulture);
                streams[id] = stream;
                return Results.Created($"/streams/{id}", null);
            }
            catch (Exception exception) when (IsBadInput(exception))
            {
                return Results.BadRequest(exception.Message);
            }
        });

        app.MapPost("/streams/{id}", async (string id, HttpContext context) =>
        {
            if (!streams.TryGetValue(id, out ReportedStream? stream))
                return Results.NotFound();
            try
            {
                if (await context.Request.ReadFromJsonAsync<StreamCommand>() is not { Command: "restart" })
                    return Results.BadRequest("The only command is 'restart'.");
            }
            catch (Exception exception) when (IsBadInput(exception))
            {
                return Results.BadRequest(exception.Message);
            }

            stream.Restart();
            return Results.Ok();
        });

        app.MapDelete("/streams/{id}", (string id) =>
        {
            if (!streams.TryRemove(id, out ReportedStream? stream))
                return Results.NotFound();
            stream.Dispose();
            return Results.NoContent();
        });

        app.Lifetime.ApplicationStopping.Register(() =>
        {
            foreach (ReportedStream stream in streams.Values)
                stream.Dispose();
        });
        return app;
    }

    /// <summary>
    /// Whether the exception means that the parameters are invalid: malformed JSON, or arguments and options that the
    /// library rejects.
    /// </summary>
    private static bool IsBadInput(Exception exception) => exception
        is System.Text.Json.JsonException or InvalidOperationException or BadHttpRequestException
        or ArgumentException or FormatException or OverflowException
            or System.ComponentModel.DataAnnotations.ValidationException;
}
