using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Text;

namespace Rx.Sse.Tests.Integration.NetFramework;

/// <summary>How streams resume after a failure.</summary>
internal static class ResumeChecks
{
    private static readonly SseOptions Quick = new()
    {
        Reconnection = SseReconnection.Default with { Delay = TimeSpan.Zero, UseJitter = false },
    };

    public static Task Close_ResumesAfterTheLastEvent(HttpClient client) =>
        ResumeAfter(client, _ => Task.CompletedTask);

    public static Task RegularEnd_ResumesAfterTheLastEvent(HttpClient client) =>
        ResumeAfter(client, connection => connection.EndAsync());

    public static Task Reset_ResumesAfterTheLastEvent(HttpClient client) => ResumeAfter(client, connection =>
    {
        connection.Reset();
        return Task.CompletedTask;
    });

    public static async Task RegularEnds_ShareAConnection(HttpClient client)
    {
        using var server = new RawServer(
            async connection =>
            {
                await connection.OpenAsync();
                await connection.ChunkAsync($"data: {connection.Number}\n\n");
                await connection.EndAsync();
            },
            keepsAlive: true);

        IList<string> data = await Observable.FromSse(client, server.Url, Quick)
            .Take(5).Select(e => e.Data).ToList().ToTask();

        Expect.Sequence(data, "1", "2", "3", "4", "5");
        Expect.Equal(server.Connections, 1);
    }

    public static async Task IdleTimeout_ResumesAfterTheLastEvent(HttpClient client)
    {
        using RawServer server = Numbered();
        SseOptions options = Quick with { IdleTimeout = TimeSpan.FromSeconds(1) };

        IList<string> data = await Observable.FromSse(client, server.Url, options)
            .Take(3).Select(e => e.Data).ToList().ToTask();

        Expect.Sequence(data, "1", "2", "3");
        Expect.Sequence(server.LastEventIds, "", "1", "2");
    }

    public static async Task RetryAfter_IsWaitedOut(HttpClient client)
    {
        using RawServer server = Numbered(connection =>
            connection.SendAsync("HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 4\r\n\r\nbusy"));

        IList<SseSignal> signals = await Observable.FromSseSignals(client, server.Url, Quick)
            .TakeUntil(signal => signal is SseEvent).ToList().ToTask();

        SseDisconnected lost = signals.OfType<SseDisconnected>().Single();
        Expect.Equal(lost.Delay, TimeSpan.FromSeconds(1));
        Expect.Equal((lost.Reason as SseResponseException)?.Body, "busy");
    }

    public static async Task ResetBeforeTheResponse_IsRetried(HttpClient client)
    {
        using RawServer server = Numbered(connection =>
        {
            connection.Reset();
            return Task.CompletedTask;
        });

        Expect.Equal((await Observable.FromSse(client, server.Url, Quick).Take(1).ToTask()).Data, "2");
    }

    public static async Task Refused_IsRetriedUntilTheServerIsThere(HttpClient client)
    {
        int port;
        using (RawServer gone = Numbered())
            port = gone.Port;
        int failures = 0;
        RawServer? server = null;

        SseSignal last = await Observable.FromSseSignals(client, $"http://127.0.0.1:{port}/", Quick)
            .Do(signal =>
            {
                if (signal is SseDisconnected && ++failures == 2)
                    server = Numbered(port: port);
            })
            .TakeUntil(signal => signal is SseEvent).ToTask();

        server?.Dispose();
        Expect.Equal((last as SseEvent)?.Data, "1");
        Expect.Equal(failures, 2);
    }

    public static async Task Redirect_KeepsTheId(HttpClient client)
    {
        using RawServer server = Numbered(
            connection => connection.SendAsync("HTTP/1.1 307 Moved\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n"));

        await Observable.FromSse(client, server.Url, Quick with { LastEventId = "5" }).Take(1).ToTask();

        Expect.Sequence(
            server.Requests.Select(request => request.RequestLine), "GET / HTTP/1.1", "GET /there HTTP/1.1");
        Expect.Sequence(server.LastEventIds, "5", "5");
    }

    public static async Task Post_ThatMayBeResent_SendsItsBodyAgain(HttpClient client)
    {
        using RawServer server = Numbered(connection =>
        {
            connection.Reset();
            return Task.CompletedTask;
        });
        SseRequest request = SseRequest.Post(server.Url, () => new StringContent("prompt"));

        await Observable.FromSse(client, request, Quick with { Resend = SseResend.Always }).Take(1).ToTask();

        Expect.Sequence(server.Requests.Select(request => request.Body), "prompt", "prompt");
    }

    /// <summary>Mono's default handler accepts no non-ASCII header, so the stream continues without the ID.</summary>
    public static async Task IdBeyondAscii_IsSentInUtf8OrNotAtAll(HttpClient client)
    {
        const string Id = "é漢𝄞";
        using var server = new RawServer(async connection =>
        {
            await connection.OpenAsync();
            await connection.ChunkAsync($"id: {Id}\ndata: {connection.Number}\n\n");
            if (connection.Number > 1)
                await connection.ClosedAsync();
        });

        await Observable.FromSse(client, server.Url, Quick).Take(2).ToTask();

        string inUtf8 = string.Concat(Encoding.UTF8.GetBytes(Id).Select(value => (char)value));
        Expect.Sequence(server.LastEventIds, "", Handler.Current.TakesNonAscii ? inUtf8 : "");
    }

    /// <summary>
    /// Checks that fifty events arrive once each. Each connection sends ten events and part of the next one.
    /// </summary>
    private static async Task ResumeAfter(HttpClient client, Func<RawConnection, Task> end)
    {
        var arrived = new SemaphoreSlim(0);
        using var server = new RawServer(async connection =>
        {
            int first = int.TryParse(connection.Header("Last-Event-ID"), out int last) ? last + 1 : 1;
            await connection.OpenAsync();
            for (int i = first; i < first + 10; i++)
                await connection.ChunkAsync($"id: {i}\ndata: {i}\n\n");
            await connection.ChunkAsync($"id: {first + 10}\ndata: cut o");
            for (int i = 0; i < 10; i++)
                await arrived.WaitAsync();
            await end(connection);
        });

        IList<string> data = await Observable.FromSse(client, server.Url, Quick)
            .Take(50).Do(_ => arrived.Release()).Select(e => e.Data).ToList().ToTask();

        Expect.Sequence(data, [.. Enumerable.Range(1, 50).Select(i => $"{i}")]);
        Expect.Sequence(server.LastEventIds, "", "10", "20", "30", "40");
    }

    /// <summary>
    /// Creates a server that answers each request with an event that contains the request's number, and then sends
    /// nothing.
    /// </summary>
    private static RawServer Numbered(Func<RawConnection, Task>? first = null, int port = 0) => new(
        async connection =>
        {
            if (connection.Number == 1 && first is not null)
            {
                await first(connection);
                return;
            }

            await connection.OpenAsync();
            await connection.ChunkAsync($"id: {connection.Number}\ndata: {connection.Number}\n\n");
            await connection.ClosedAsync();
        },
        port: port);
}
