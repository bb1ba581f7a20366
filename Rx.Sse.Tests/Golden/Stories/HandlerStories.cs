using System.Net;
using System.Net.Http.Headers;
using static Rx.Sse.Tests.Golden.Answer;

namespace Rx.Sse.Tests.Golden.Stories;

/// <summary>What .NET's handler does with a request: it follows redirects, and sends the content.</summary>
internal static class HandlerStories
{
    public static GoldenStory[] All { get; } =
    [
        new("request-redirected", "The handler follows redirects, and a reconnect starts from the original address.",
            Redirect(300), Redirect(301), Redirect(302), Redirect(303), Redirect(307), Redirect(308),
            Redirect(302, "http://elsewhere/stream") with { Title = "to another host" },
            Redirect(307, "elsewhere?a=b") with { Title = "to a relative address" },
            Redirect(307) with
            {
                Title = "with a fragment, which stays",
                Request = _ => "/stream#part",
            },
            Redirect(307) with
            {
                Title = "without the token, which is not for others",
                Request = _ => RequestStories.Message(
                    headers => headers.Authorization = new AuthenticationHeaderValue("Bearer", "t")),
            },
            Redirect(307) with
            {
                Title = "AllowAutoRedirect = false",
                Handler = handler => handler.AllowAutoRedirect = false,
            },
            new Act(Status(302, headers: ("Location", "/stream"))) { Title = "without an end" },
            new Act(Status(302, headers: ("Location", "/late")), Refuse, Open())
            {
                Title = "to a server that is down",
                Until = 5,
            },
            new Act(Silent.Head(302, null, 1, headers: ("Location", "/late")).Send(1, "moved").End(1), Open(2))
            {
                Title = "that takes its time",
                Until = 5,
            },
            new Act(Status(302, headers: ("Location", "http://localhost:99999/")), Open())
            {
                Title = "to what is no address",
            },
            new Act(Status(302), Open())
            {
                Title = "to nowhere",
            })
        {
            // On .NET Framework, the status 307 has another name.
            Category = "NotNetFramework",
        },

        new("request-redirected-post", "What a redirect makes of a POST is the handler's business.",
            RedirectedPost(300), RedirectedPost(301), RedirectedPost(302), RedirectedPost(303), RedirectedPost(307),
            RedirectedPost(308),
            RedirectedPost(303) with
            {
                Title = "303, PUT",
                Request = _ => SseRequest.Create(() => new HttpRequestMessage(HttpMethod.Put, "/stream")
                {
                    Content = new StringContent("question"),
                }),
            },
            RedirectedPost(307) with
            {
                Title = "307, with a body that can be sent only once",
                Request = _ => SseRequest.Post("/stream", () => new StreamContent(new OneWayStream())),
            }),

        new("request-body", "The handler sends the content of the request, which may fail.",
            Body("throws an IOException", () => new FailingContent(new IOException("disk"))),
            Body("throws an InvalidOperationException", () => new FailingContent(new InvalidOperationException("no"))),
            Body("throws another exception", () => new FailingContent(new StoryException("content"))),
            Body("shorter than its length", () => WithLength(10)),
            Body("longer than its length", () => WithLength(3)),
            new Act(Open())
            {
                Title = "chunked, but there is none",
                Request = _ => RequestStories.Message(headers => headers.TransferEncodingChunked = true),
                Until = 1,
            }),
    ];

    private static Act Redirect(int status, string location = "/elsewhere") =>
        new(
            Status(status, headers: ("Location", location)),
            Open().Send(1, "id: 7\ndata: a\n\n").Reset(1),
            Status(status, headers: ("Location", "/third")),
            Open())
        {
            Title = $"{status}",
            Until = 20,
        };

    private static Act RedirectedPost(int status) =>
        new(Status(status, headers: ("Location", "/elsewhere")), Open().Send(1, "data: a\n\n").End(1))
        {
            Title = $"{status}",
            Request = _ => SseRequest.Post("/stream", () => new StringContent("question")),
        };

    private static Act Body(string title, Func<HttpContent> content) => new(Open().Send(1, "data: a\n\n").End(1))
    {
        Title = title,
        Request = _ => SseRequest.Post("/stream", content),
    };

    private static StringContent WithLength(long length)
    {
        var content = new StringContent("hello");
        content.Headers.ContentLength = length;
        return content;
    }

    private sealed class FailingContent(Exception exception) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            Task.FromException(exception);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private sealed class OneWayStream() : MemoryStream("question"u8.ToArray())
    {
        public override bool CanSeek => false;
    }
}
