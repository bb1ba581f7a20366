using System.Net.Http.Headers;
using static Rx.Sse.Tests.Golden.Answer;

namespace Rx.Sse.Tests.Golden.Stories;

/// <summary>What is sent in requests, and where it comes from.</summary>
internal static class RequestStories
{
    public static GoldenStory[] All { get; } =
    [
        new("request-headers", "The library adds Accept and Cache-Control, and Last-Event-ID once there is one.",
            new Act(Open().Send(1, "id: 7\ndata: a\n\n").Reset(2), Open())
            {
                Until = 10,
            }),

        new("request-headers-of-the-message", "What the caller has put on the message stays.",
            new Act(Open())
            {
                Title = "Accept",
                Request = _ => Message(headers => headers.TryAddWithoutValidation("Accept", "application/json")),
                Until = 1,
            },
            new Act(Open())
            {
                Title = "Cache-Control",
                Request = _ => Message(
                    headers => headers.CacheControl = new CacheControlHeaderValue { NoStore = true }),
                Until = 1,
            },
            new Act(Open())
            {
                Title = "Host",
                Request = _ => Message(headers => headers.Host = "other.example"),
                Until = 1,
            },
            new Act(Open())
            {
                Title = "others",
                Request = _ => Message(headers =>
                {
                    headers.Authorization = new AuthenticationHeaderValue("Bearer", "t");
                    headers.TryAddWithoutValidation("X-Tenant", "a, b");
                }),
                Until = 1,
            }),

        new("request-headers-of-the-client", "Default headers of the client, and which of them the library overrides.",
            ClientDefault("Accept: */*", headers => headers.Accept.ParseAdd("*/*")),
            ClientDefault("Accept: text/*", headers => headers.Accept.ParseAdd("text/*")),
            ClientDefault("Accept: application/json", headers => headers.Accept.ParseAdd("application/json")),
            ClientDefault(
                "Accept with an event stream among others",
                headers => headers.Accept.ParseAdd("application/json, text/event-stream;q=0.5")),
            ClientDefault(
                "Cache-Control",
                headers => headers.CacheControl = new CacheControlHeaderValue { NoStore = true }),
            ClientDefault("User-Agent", headers => headers.UserAgent.ParseAdd("Golden/1.0"))),

        new("request-last-event-id-of-the-caller",
            "A Last-Event-ID that the caller has put on the message or the client, and the stream's own.",
            new Act(Open().Send(1, "data: no id\n\n").Reset(1), Open().Send(1, "id: own\ndata: a\n\n").Reset(1), Open())
            {
                Title = "on the message",
                Request = _ => Message(headers => headers.TryAddWithoutValidation("Last-Event-ID", "callers")),
                Until = 20,
            },
            new Act(Open().Send(1, "id: own\ndata: a\n\n").Reset(1), Open())
            {
                Title = "on the client",
                Client = client => client.DefaultRequestHeaders.TryAddWithoutValidation("Last-Event-ID", "callers"),
                Until = 20,
            },
            new Act(Open().Send(1, "id: own\ndata: a\n\n").Reset(1), Open())
            {
                Title = "on the message, with one in the options",
                Request = _ => Message(headers => headers.TryAddWithoutValidation("Last-Event-ID", "callers")),
                Options = (o, _) => o with { LastEventId = "options" },
                Until = 20,
            }),

        new("request-address", "Relative addresses are completed by the client, queries stay.",
            Addressed("relative", _ => "/stream?after=7"),
            Addressed("without a slash", _ => "stream"),
            Addressed("absolute", _ => new Uri("http://localhost/other/stream?x=%20y")),
            Addressed("with a fragment", _ => "/stream#part")),

        new("request-factory", "A factory is asked before each attempt.",
            new Act(Refuse, Status(503), Open().Send(1, "data: a\n\n").Reset(1), Open())
            {
                Title = "sync",
                Request = stage =>
                {
                    int asked = 0;
                    return SseRequest.Create(() =>
                    {
                        stage.Note($"factory asked, {++asked}");
                        return new HttpRequestMessage(HttpMethod.Get, $"/stream?{asked}");
                    });
                },
                Until = 30,
            },
            new Act(Refuse, Open())
            {
                Title = "async, takes 2 s",
                Request = stage => SseRequest.Create(async cancellation =>
                {
                    stage.Note("factory asked");
                    await Wait(stage, 2, cancellation).ConfigureAwait(false);
                    return new HttpRequestMessage(HttpMethod.Get, "/stream");
                }),
                Until = 20,
            }),

        new("request-factory-fails", "A factory that fails ends the stream, and is not asked again.",
            Factory("throws", () => throw new StoryException("no token")),
            Factory("throws what looks like a network error", () => throw new HttpRequestException("no token")),
            Factory("returns null", () => null!),
            Factory("has no address", () => new HttpRequestMessage()),
            Factory(
                "has an address that no client can use",
                () => new HttpRequestMessage(HttpMethod.Get, "ftp://localhost/stream")),
            new Act(Open().Send(1, "data: a\n\n").Reset(1))
            {
                Title = "throws at the second attempt",
                Request = _ =>
                {
                    int asked = 0;
                    return SseRequest.Create(
                        () => ++asked == 1
                            ? new HttpRequestMessage(HttpMethod.Get, "/stream")
                            : throw new StoryException("no token"));
                },
            },
            new Act(Open())
            {
                Title = "async, cancelled by itself",
                Request = _ => SseRequest.Create(
                    _ => Task.FromCanceled<HttpRequestMessage>(new CancellationToken(true))),
            },
            new Act(Refuse, Open())
            {
                Title = "the same message twice",
                Request = _ =>
                {
                    var message = new HttpRequestMessage(HttpMethod.Get, "/stream");
                    return SseRequest.Create(() => message);
                },
                Until = 20,
            })
        {
            // On .NET Framework, the message itself rejects the address that no client can use.
            Category = "NotNetFramework",
        },

        new("request-methods", "The end of the stream reconnects where the method is safe.",
            Method("OPTIONS"),
            Method("TRACE"),
            Method("PUT"),
            Method("QUERY"),
            Method("get")),
    ];

    /// <summary>Waits on the story's clock.</summary>
    public static async Task Wait(Stage stage, double seconds, CancellationToken cancellation)
    {
        var end = new TaskCompletionSource();
        using IDisposable timer = stage.Clock.ScheduleAfter(seconds, end.SetResult);
        using CancellationTokenRegistration registration = cancellation.Register(() =>
        {
            stage.Note("factory cancelled");
            end.TrySetCanceled(cancellation);
        });
        await end.Task.ConfigureAwait(false);
    }

    public static SseRequest Message(Action<HttpRequestHeaders> set) => SseRequest.Create(() =>
    {
        var message = new HttpRequestMessage(HttpMethod.Get, "/stream");
        set(message.Headers);
        return message;
    });

    private static Act ClientDefault(string title, Action<HttpRequestHeaders> set) => new(Open())
    {
        Title = title,
        Client = client => set(client.DefaultRequestHeaders),
        Until = 1,
    };

    private static Act Addressed(string title, Func<Stage, SseRequest> request) => new(Open())
    {
        Title = title,
        Request = request,
        Until = 1,
    };

    private static Act Factory(string title, Func<HttpRequestMessage> factory) => new(Open())
    {
        Title = title,
        Request = _ => SseRequest.Create(factory),
        Until = 20,
    };

    private static Act Method(string method) => new(Open().Send(1, "data: a\n\n").End(1), Open())
    {
        Title = method,
        Request = _ => SseRequest.Create(() => new HttpRequestMessage(new HttpMethod(method), "/stream")),
        Until = 10,
    };
}
