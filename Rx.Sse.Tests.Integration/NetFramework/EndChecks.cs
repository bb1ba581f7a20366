using System.Net;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using static Rx.Sse.Tests.Integration.NetFramework.StreamChecks;

namespace Rx.Sse.Tests.Integration.NetFramework;

/// <summary>How streams end, and what does not end them.</summary>
internal static class EndChecks
{
    public static async Task NoContent_Completes(HttpClient client)
    {
        using var server = new RawServer(connection => connection.SendAsync("HTTP/1.1 204 No Content\r\n\r\n"));

        Expect.Equal(await ErrorOf(client, server.Url), null);
    }

    public static async Task OtherContentType_Fails(HttpClient client)
    {
        using RawServer server = Answering("text/html", "200 OK", "<p>");

        Expect.Equal(await ErrorOf(client, server.Url) is SseResponseException, true);
    }

    public static async Task ErrorStatus_FailsWithItsBody(HttpClient client)
    {
        using RawServer server = Answering("application/json", "401 Unauthorized", """{"error":"no kéy"}""");

        var error = await ErrorOf(client, server.Url) as SseResponseException;

        Expect.Equal(error?.StatusCode, HttpStatusCode.Unauthorized);
        Expect.Equal(error?.Body, """{"error":"no kéy"}""");
    }

    public static async Task ContentTypeWithParameters_IsAccepted(HttpClient client)
    {
        using RawServer server = Answering("Text/Event-Stream;charset=utf-8", "200 OK", "data: a\n\n");

        Expect.Equal((await Observable.FromSse(client, server.Url, Never).ToTask()).Data, "a");
    }

    public static async Task NobodyListens_Fails(HttpClient client)
    {
        string url;
        using (RawServer gone = Answering("text/event-stream", "200 OK", ""))
            url = gone.Url;

        Exception? error = await ErrorOf(client, url);

        Expect.Equal(error is SseConnectionException { InnerException: HttpRequestException }, true);
    }

    public static async Task ClientTimeout_BeforeTheHeaders_Fails(HttpClient client)
    {
        using var server = new RawServer(connection => connection.ClosedAsync());
        client.Timeout = TimeSpan.FromMilliseconds(300);

        Exception? error = await ErrorOf(client, server.Url);

        Expect.Equal(error is SseConnectionException { InnerException: TimeoutException }, true);
    }

    public static async Task ClientTimeout_DoesNotLimitTheStream(HttpClient client)
    {
        using var server = new RawServer(async connection =>
        {
            await connection.OpenAsync();
            await connection.ChunkAsync("data: a\n\n");
            await Task.Delay(1_500);
            await connection.ChunkAsync("data: b\n\n");
            await connection.EndAsync();
        });
        client.Timeout = TimeSpan.FromSeconds(1);

        IList<string> data = await Observable.FromSse(client, server.Url, Never).Select(e => e.Data).ToList().ToTask();

        Expect.Sequence(data, "a", "b");
    }

    public static async Task IdleTimeout_ClosesTheConnection(HttpClient client)
    {
        var closed = new TaskCompletionSource<bool>();
        using var server = new RawServer(async connection =>
        {
            await connection.OpenAsync();
            await connection.ClosedAsync();
            closed.SetResult(true);
        });
        SseOptions options = Never with { IdleTimeout = TimeSpan.FromMilliseconds(300) };

        Exception? error = await ErrorOf(client, server.Url, options);

        Expect.Equal(error is SseIdleTimeoutException, true);
        await Expect.InTimeAsync(closed.Task, TimeSpan.FromSeconds(5));
    }

    private static Task<Exception?> ErrorOf(HttpClient client, string url, SseOptions? options = null) =>
        Observable.FromSse(client, url, options ?? Never)
            .Materialize().LastAsync().Select(last => last.Exception).ToTask();

    private static RawServer Answering(string contentType, string status, string body) => new(async connection =>
    {
        await connection.OpenAsync(contentType, status);
        await connection.ChunkAsync(body);
        await connection.EndAsync();
    });
}
