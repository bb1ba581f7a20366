using System.Net;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using Microsoft.Reactive.Testing;
using Rx.Sse.Reconnection;

namespace Rx.Sse.Tests.Scripted;

/// <summary>A request as the server got it, with the virtual time in seconds.</summary>
internal sealed record Request(double Time, string? LastEventId = null);

/// <summary>
/// An HTTP server in virtual time. Answers the requests in turn as scripted; the last answer also serves all further
/// ones. Everything it does happens on the scheduler's thread.
/// </summary>
internal sealed class ScriptedServer(TestScheduler scheduler, params Answer[] script) : HttpMessageHandler
{
    private readonly HashSet<object> _open = [];
    private readonly CompositeDisposable _scheduled = [];

    public List<Request> Requests { get; } = [];

    public List<HttpRequestMessage> Messages { get; } = [];

    /// <summary>How many requests wait for an answer, or for the rest of one.</summary>
    public int Open => _open.Count;

    public double Now => TimeSpan.FromTicks(scheduler.Clock).TotalSeconds;

    /// <summary>Takes off the scheduler what the server would still do, so that what is left is the client's.</summary>
    public void ForgetScript() => _scheduled.Clear();

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Answer answer = script[Math.Min(Requests.Count, script.Length - 1)];
        Messages.Add(request);
        Requests.Add(new Request(Now, request.Headers.TryGetValues("Last-Event-ID", out var values) ? values.Single() : null));

        // Not completed asynchronously: whoever waits resumes on the scheduler's thread.
        var response = new TaskCompletionSource<HttpResponseMessage>();
        _open.Add(response);
        cancellationToken.Register(() =>
        {
            if (response.TrySetCanceled(cancellationToken))
                _open.Remove(response);
        });

        if (answer.AfterSeconds is { } seconds)
            At(seconds, () => Respond(answer, request, response));
        return response.Task;
    }

    private void Respond(Answer answer, HttpRequestMessage request, TaskCompletionSource<HttpResponseMessage> response)
    {
        if (!_open.Remove(response))
            return;

        if (answer.Refusal is { } refusal)
        {
            response.SetException(refusal);
            return;
        }

        var body = new ScriptedStream(closed => _open.Remove(closed), answer.Watch);
        _open.Add(body);
        foreach ((double time, Action<ScriptedStream> act) in answer.Body)
            At(time, () => act(body));

        var message = new HttpResponseMessage(answer.Status) { Content = new StreamContent(body), RequestMessage = request };
        if (answer.ContentType is { } contentType)
            message.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        foreach ((string name, string value) in answer.Headers)
            message.Headers.TryAddWithoutValidation(name, value);
        response.SetResult(message);
    }

    private void At(double seconds, Action action)
    {
        if (seconds == 0)
            Act();
        else
            _scheduled.Add(scheduler.Schedule(TimeSpan.FromSeconds(seconds), Act));

        // Test frameworks set a synchronization context, and with one, awaiters don't resume on the thread they are on.
        void Act()
        {
            using (NoSynchronizationContext.Enter())
                action();
        }
    }
}
