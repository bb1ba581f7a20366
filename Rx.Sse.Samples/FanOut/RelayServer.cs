using System.Net.ServerSentEvents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Rx.Sse.Samples.FanOut;

/// <summary>Serves a relay to browsers: its events with their types and IDs, and a page that shows them.</summary>
internal static class RelayServer
{
    public static WebApplication Create(Relay relay, Everybody everybody, int port)
    {
        WebApplication server = EmbeddedServer.CreateBuilder(port).Build();
        server.MapGet("events", async (HttpContext context, [FromHeader(Name = "Last-Event-ID")] string? lastEventId) =>
        {
            everybody.Add(context);
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-cache";

            // The headers go out now: upstream may be silent for long, and a browser is to know that it is connected.
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await SseFormatter.WriteAsync(
                ToItems(relay.FollowAsync(lastEventId ?? "", context.RequestAborted)),
                context.Response.Body,
                context.RequestAborted);
        });
        server.MapGet("/", () => TypedResults.Content(Page, "text/html; charset=utf-8"));
        return server;
    }

    private static async IAsyncEnumerable<SseItem<string>> ToItems(IAsyncEnumerable<SseEvent> events)
    {
        await foreach (SseEvent e in events)
            yield return new SseItem<string>(e.Data, e.Event) { EventId = e.Id, ReconnectionInterval = e.Retry };
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
          <p>This page is <span id="state">connecting</span>. Open it in as many windows as you like: upstream has one connection.
             It has received <output id="received">0</output> events; <output id="missing">0</output> are missing between the first and the last.</p>
          <ol id="events"></ol>
          <script>
            const show = (id, text) => document.getElementById(id).textContent = text;
            const events = new EventSource("events");
            let last = 0, received = 0, missing = 0;
            events.onopen = () => show("state", "connected");
            events.onerror = () => show("state", "reconnecting");
            events.addEventListener("number", e => {
              const id = Number(e.lastEventId);
              if (last > 0) missing += id - last - 1;
              last = id;
              show("received", ++received);
              show("missing", missing);
              const item = document.createElement("li");
              item.textContent = `#${e.lastEventId}  ${e.data}`;
              const list = document.getElementById("events");
              list.prepend(item);
              if (list.children.length > 12) list.lastChild.remove();
            });
          </script>
        </body>
        </html>
        """;
}
