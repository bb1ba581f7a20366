using System.Net.Http;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Polly;
using Rx.Sse;

namespace Rx.Sse.Tests.Documentation;

public sealed class OrdersViewModel : IDisposable
{
    private static readonly SseOptions Options = new()
    {
        IdleTimeout = TimeSpan.FromSeconds(30),
        Reconnection = SseReconnection.Default with
        {
            ConfigureAttempt = pipeline => pipeline.AddTimeout(TimeSpan.FromSeconds(10)),
        },
    };

    private readonly IDisposable _subscription;

    public OrdersViewModel(HttpClient client, IScheduler scheduler) =>
        _subscription = Observable.FromSse(client, "/orders", Options, scheduler).Subscribe(Show, Fail);

    public List<string> Orders { get; } = [];

    public string Error { get; private set; } = "";

    public void Dispose() => _subscription.Dispose();

    private void Show(SseEvent e)
    {
        if (e.Event == "all")
            Orders.Clear();
        Orders.AddRange(e.Data.Split(','));
    }

    private void Fail(Exception error) => Error = error.Message;
}
