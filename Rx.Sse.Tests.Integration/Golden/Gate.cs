using Rx.Sse.Tests.Golden;

namespace Rx.Sse.Tests.Integration.Golden;

/// <summary>
/// Holds back the handler's responses until the run asks for them, so that the library continues on the run's thread.
/// </summary>
internal sealed class Gate(
    HttpMessageHandler inner,
    Func<int> connectionCount,
    Action changed) : DelegatingHandler(inner)
{
    private readonly List<Waiter> _waiters = [];

    /// <summary>
    /// The number of connections before the library asked for the response that it is waiting for; null if it is not
    /// waiting for one.
    /// </summary>
    public int? ConnectionsBefore => _waiters.Count > 0 ? _waiters[^1].ConnectionsBefore : null;

    /// <summary>Hands over one response or failure. Returns false if there is none.</summary>
    public bool HandOver()
    {
        if (_waiters.Find(waiter => waiter.Response.IsCompleted) is not { } ready)
            return false;
        _waiters.Remove(ready);
        ready.HandOver();
        return true;
    }

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken)
    {
        var waiter = new Waiter(connectionCount(), base.SendAsync(request, cancellationToken));
        _waiters.Add(waiter);
        _ = waiter.Response.ContinueWith(
            _ => changed(),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return waiter.Answer;
    }

    private sealed record Waiter(int ConnectionsBefore, Task<HttpResponseMessage> Response)
    {
        private readonly TaskCompletionSource<Task<HttpResponseMessage>> _answer = new();

        public Task<HttpResponseMessage> Answer => _answer.Task.Unwrap();

        public void HandOver() => _answer.SetResult(Response);
    }
}
