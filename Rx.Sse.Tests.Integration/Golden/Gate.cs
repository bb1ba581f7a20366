using Rx.Sse.Tests.Golden;

namespace Rx.Sse.Tests.Integration.Golden;

/// <summary>
/// Keeps what the handler has answered until the run asks for it, so that the library goes on on the run's thread.
/// </summary>
internal sealed class Gate(
    HttpMessageHandler inner,
    Func<int> connectionCount,
    Action changed) : DelegatingHandler(inner)
{
    private readonly List<Waiter> _waiters = [];

    /// <summary>
    /// While the library waits for a response: how many connections there were before it asked for one. Otherwise null.
    /// </summary>
    public int? ConnectionsBefore => _waiters.Count > 0 ? _waiters[^1].ConnectionsBefore : null;

    /// <summary>Hands over one response, or one failure, if there is one.</summary>
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
