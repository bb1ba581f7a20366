using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Rx.Sse.Samples.FanOut;

/// <summary>Serves a relay to browsers: its events with their types and IDs, and a page that shows them.</summary>
internal static class RelayServer
{
    /// <param name="relay">What to serve.</param>
    /// <param name="connections">Where each connection is added.</param>
    /// <param name="port">Where to listen; 0 is any free port.</param>
    /// <param name="limits">How followers are kept up to date, and dropped.</param>
    public static WebApplication Create(
        Relay relay, OpenConnections connections, int port, FollowerLimits? limits = null)
    {
        WebApplicationBuilder builder = EmbeddedServer.CreateBuilder(port);

        // How slow a follower may be is said by the limits alone.
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MinResponseDataRate = null);
        WebApplication server = builder.Build();
        server.MapGet("events", async (HttpContext context, [FromHeader(Name = "Last-Event-ID")] string? lastEventId) =>
        {
            connections.Add(context);
            using var response = new FollowerResponse(context, limits ?? new FollowerLimits());
            await response.WriteAsync(
                relay.FollowAsync(lastEventId ?? "", CancellationToken.None), server.Lifetime.ApplicationStopping);
        });
        server.MapGet("/", () => TypedResults.Content(Page, "text/html; charset=utf-8"));
        return server;
    }

    private const string Page = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <meta name="color-scheme" content="light dark">
          <title>Fan-out</title>
          <style>
            body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; }
            output { font-variant-numeric: tabular-nums; }
            li { font-variant-numeric: tabular-nums; list-style: none; }
            #state { font-weight: 600; }
          </style>
        </head>
        <body>
          <h1>Fan-out</h1>
          <p>This page is <span id="state">connecting</span>. It has received <output id="received">0</output> events;
             <output id="missing">0</output> are missing between the first and the last.</p>
          <p>Open it in as many windows as you like: the relay has one connection upstream. The embedded upstream cuts
             that connection every few seconds, and no number goes missing.</p>
          <ol id="events"></ol>
          <script>
            const show = (id, text) => document.getElementById(id).textContent = text;
            const list = text => {
              const item = document.createElement("li");
              item.textContent = text;
              const items = document.getElementById("events");
              items.prepend(item);
              if (items.children.length > 12) items.lastChild.remove();
            };
            const events = new EventSource("events");
            let last = 0, received = 0, missing = 0;
            events.onopen = () => show("state", "connected");
            events.onerror = () => show("state", "reconnecting");
            events.onmessage = e => {
              show("received", ++received);
              list(e.data);
            };
            events.addEventListener("number", e => {
              const number = parseInt(e.data);
              if (last > 0) missing += number - last - 1;
              last = number;
              show("missing", missing);
              events.onmessage(e);
            });
            events.addEventListener("reset", e => {
              last = 0;
              list(e.data);
            });
          </script>
        </body>
        </html>
        """;
}
