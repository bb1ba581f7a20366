using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;

namespace Rx.Sse.Tests.Integration.NetFramework;

/// <summary>
/// A subscription that ends closes its connection. By default, a handler would read the rest of the response, in order
/// to reuse the connection.
/// </summary>
internal static class DisposalChecks
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(1);

    public static async Task Dispose_BeforeTheHeaders_ClosesTheConnection(HttpClient client)
    {
        using var server = new OpenServer(_ => Task.CompletedTask);

        IDisposable subscription = Observable.FromSse(client, server.Url).Subscribe(_ => { });
        await server.Asked;
        subscription.Dispose();

        await Expect.InTimeAsync(server.Closed, AtOnce);
    }

    public static async Task Dispose_WhileReading_ClosesTheConnection(HttpClient client)
    {
        var arrived = new TaskCompletionSource<bool>();
        using var server = new OpenServer(OneEvent);

        IDisposable subscription = Observable.FromSse(client, server.Url).Subscribe(_ => arrived.SetResult(true));
        await arrived.Task;
        await Task.Delay(100);
        subscription.Dispose();

        await Expect.InTimeAsync(server.Closed, AtOnce);
    }

    public static async Task Dispose_WithinOnNext_ClosesTheConnection(HttpClient client)
    {
        using var server = new OpenServer(OneEvent);

        await Observable.FromSse(client, server.Url).Take(1).ToTask();

        await Expect.InTimeAsync(server.Closed, AtOnce);
    }

    public static async Task Dispose_WithinOnNextOfAFlood_ClosesTheConnection(HttpClient client)
    {
        string events = string.Concat(Enumerable.Repeat("data: aaaaaaaaaaaaaaaaaaaaaaaaaa\n\n", 1_000));
        using var server = new OpenServer(async connection =>
        {
            await connection.OpenAsync();
            while (true)
                await connection.ChunkAsync(events);
        });

        await Observable.FromSse(client, server.Url).Take(1).ToTask();

        await Expect.InTimeAsync(server.Closed, AtOnce);
    }

    public static async Task Dispose_WithinOpened_ClosesTheConnection(HttpClient client)
    {
        using var server = new OpenServer(OneEvent);

        await Observable.FromSseSignals(client, server.Url).OfType<SseOpened>().Take(1).ToTask();

        await Expect.InTimeAsync(server.Closed, AtOnce);
    }

    public static async Task Dispose_OfAHundredStreams_LeavesNoSocket(HttpClient client)
    {
        const int Count = 100;
        using var arrived = new CountdownEvent(Count);
        using var closed = new CountdownEvent(Count);
        using var server = new RawServer(async connection =>
        {
            await OneEvent(connection);
            await connection.ClosedAsync();
            closed.Signal();
        });

        IObservable<SseEvent> stream = Observable.FromSse(client, server.Url);
        IDisposable[] subscriptions =
            [.. Enumerable.Range(0, Count).Select(_ => stream.Subscribe(_ => arrived.Signal()))];
        Expect.Equal(arrived.Wait(TimeSpan.FromSeconds(20)), true);
        foreach (IDisposable subscription in subscriptions)
            subscription.Dispose();

        Expect.Equal(closed.Wait(TimeSpan.FromSeconds(5)), true);
    }

    private static async Task OneEvent(RawConnection connection)
    {
        await connection.OpenAsync();
        await connection.ChunkAsync("data: a\n\n");
    }

    /// <summary>A server that leaves its only response open and detects when the client closes it.</summary>
    private sealed class OpenServer : IDisposable
    {
        private readonly TaskCompletionSource<bool> _asked = new();
        private readonly TaskCompletionSource<bool> _closed = new();
        private readonly RawServer _server;

        public OpenServer(Func<RawConnection, Task> answer) => _server = new RawServer(async connection =>
        {
            _asked.TrySetResult(true);
            try
            {
                await answer(connection);
                await connection.ClosedAsync();
            }
            finally
            {
                _closed.TrySetResult(true);
            }
        });

        public string Url => _server.Url;

        public Task Asked => _asked.Task;

        public Task Closed => _closed.Task;

        public void Dispose() => _server.Dispose();
    }
}
