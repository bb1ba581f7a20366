using System.Net;
using System.Security.Authentication;
using Polly.CircuitBreaker;
using static Rx.Sse.Tests.Golden.Answer;

namespace Rx.Sse.Tests.Golden.Stories;

/// <summary>What can happen before a response arrives.</summary>
internal static class ConnectStories
{
    public static GoldenStory[] All { get; } =
    [
        new("connect", "The order of signals on a stream that works.",
            new Act(Open(1).Send(2, ": hello\nid: 7\nevent: tick\ndata: a\n\n").Send(3, "data: b\n\n"))
            {
                Until = 5,
            }),

        new("connect-refused", "A refused connection is tried again.",
            new Act(Refuse, Refuse, Open().Send(1, "data: a\n\n"))),

        new("connect-reset-before-the-head", "A connection that is reset before the head is tried again.",
            new Act(Silent.Reset(0), Silent.Reset(5), Open())),

        new("connect-cut-before-the-head", "A connection that is closed before the head, or within it, is tried again.",
            new Act(Silent.Cut(0), Silent.Cut(1), Open())
            {
                Title = "before",
                Differs = ".NET's handler sends the request again where a connection is closed before the first byte",
            },
            new Act(Silent.PartOfHead(1).Cut(2), Silent.PartOfHead(1).Reset(2), Open()) { Title = "within" }),

        new("connect-slow-head", "A server may take its time before the head: the idle timeout does not count there.",
            new Act(Open(40).Send(41, "data: a\n\n"))
            {
                Options = (o, _) => o with { IdleTimeout = TimeSpan.FromSeconds(10) },
                Until = 45,
            }),

        new("connect-early-hints", "A response with a status of 1xx before the real one makes no difference.",
            new Act(Silent.EarlyHints(1).Head(200, "text/event-stream", 2).Send(3, "data: a\n\n"))
            {
                Until = 5,
            }),

        new("connect-handler-throws", "What a handler throws, and whether it is tried again.",
            Throws("a timeout of the client", () => new TaskCanceledException("timeout", new TimeoutException())),
            Throws("a cancellation that nobody asked for", () => new OperationCanceledException()),
            Throws("TimeoutException", () => new TimeoutException()),
            Throws("IOException", () => new IOException("io")),
            Throws("WebException", () => new WebException("web")),
            Throws("HttpRequestException without a cause", () => new HttpRequestException("other")),
            Throws(
                "HttpRequestException with status 503",
                () => HttpErrors.WithStatus(HttpStatusCode.ServiceUnavailable, "503")),
            Throws("an open circuit of the client's own", () => new BrokenCircuitException("open")),
            Throws("FileNotFoundException", () => new FileNotFoundException("certificate")),
            Throws("InvalidOperationException", () => new InvalidOperationException("handler")),
            Throws("NotSupportedException", () => new NotSupportedException("handler")),
            Throws("any other exception", () => new StoryException("handler"))),

        new("connect-certificate-rejected",
            "A rejected server certificate, at the first connection and after one was open.",
            Throws("at first", RejectedCertificate),
            new Act(Open().Send(1, "data: a\n\n").Reset(1), Throw(RejectedCertificate), Open())
            {
                Title = "later",
                VirtualOnly = "the server has no TLS",
                Until = 20,
            }),
    ];

    private static HttpRequestException RejectedCertificate() =>
        HttpErrors.WithError(
            HttpRequestError.SecureConnectionError,
            "The SSL connection could not be established.",
            new AuthenticationException("certificate"));

    private static Act Throws(string title, Func<Exception> exception) => new(Throw(exception), Open())
    {
        Title = title,
        VirtualOnly = "a handler of the caller's throws here",
        Until = 10,
    };
}
