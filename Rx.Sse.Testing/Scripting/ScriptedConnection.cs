using System.Diagnostics.CodeAnalysis;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using Rx.Sse.Scheduling;

namespace Rx.Sse.Testing.Scripting;

/// <summary>Answers a request: plays its script on the scheduler, and records when it is opened and closed.</summary>
[SuppressMessage(
    "Design",
    "CA1001",
    Justification = "The steps come off the scheduler when the connection ends; the body is the client's to close.")]
internal sealed class ScriptedConnection(
    IScheduler scheduler, Func<TimeSpan> now, SseTestRequest request, SseScript script)
{
    /// <summary>
    /// Completes when the server answers, and continues the awaiting code on the scheduler's thread. An exception is
    /// thrown there instead of being set here, because connections may share it, and each one would add its stack
    /// trace.
    /// </summary>
    private readonly TaskCompletionSource<Func<HttpResponseMessage>> _answer = new();

    /// <summary>
    /// The scheduled next steps. They are removed from the scheduler when the client disconnects, so that nothing is
    /// left on it.
    /// </summary>
    private readonly SerialDisposable _scheduled = new();

    /// <summary>The request message, to which the response refers.</summary>
    private HttpRequestMessage? _message;

    /// <summary>The registration for the client's cancellation of the request.</summary>
    private CancellationTokenRegistration _cancellation;

    /// <summary>The body that the server sends; null before it has answered.</summary>
    private ScriptedBody? _body;

    /// <summary>The number of bytes that the client still reads; null if the head gives no length.</summary>
    private long? _remaining;

    private readonly IEnumerator<ScriptStep> _steps = script.Steps.GetEnumerator();

    /// <summary>The next step to take; null after the last one.</summary>
    private ScriptStep? _next;

    public SseTestRequest Request { get; } = request;

    public SseTestConnection Record { get; private set; } = new();

    public async Task<HttpResponseMessage> PlayAsync(HttpRequestMessage message, CancellationToken cancellation)
    {
        _message = message;
        _cancellation = cancellation.Register(() =>
        {
            Close(SseClosedBy.Client);
            using (NoSynchronizationContext.Enter())
                _answer.TrySetCanceled(cancellation);
        });
        _next = Following();
        Play();
        return (await _answer.Task.ConfigureAwait(false))();
    }

    public void Refuse(Exception exception)
    {
        Close(SseClosedBy.Server);
        _cancellation.Dispose();
        _answer.TrySetResult(() => throw exception);
    }

    public void Answer()
    {
        _cancellation.Dispose();
        _body = new ScriptedBody(() => Close(SseClosedBy.Client));
        HttpResponseMessage response = script.Head!.CreateResponse(_message!, _body, scheduler.Now);
        Record = Record with { Opened = now() };
        _remaining = ResponseHead.BodyLength(response);
        if (_remaining == 0)
            End(null);
        _answer.TrySetResult(() => response);
    }

    /// <summary>Sends bytes. Drops the bytes beyond the length in the head, because no client reads them.</summary>
    public void Send(ReadOnlyMemory<byte> bytes)
    {
        if (_remaining is { } remaining)
        {
            bytes = bytes[..(int)Math.Min(remaining, bytes.Length)];
            _remaining = remaining - bytes.Length;
        }

        // Closed before the client gets the bytes, because it may disconnect at once.
        if (_remaining == 0)
            Close(SseClosedBy.Server);
        if (bytes.Length > 0)
            _body!.Send(bytes);
        if (_remaining == 0)
            _body!.End(null);
    }

    public void End(Exception? exception)
    {
        Close(SseClosedBy.Server);
        _body!.End(exception ?? (_remaining > 0 ? NetworkErrors.ResponseEnded(_remaining.Value) : null));
    }

    /// <summary>
    /// Takes the steps that are due. Schedules the later steps first, so that they come before anything that the client
    /// schedules meanwhile.
    /// </summary>
    private void Play()
    {
        List<ScriptStep> due = [];
        for (; _next is not null && Wait(_next) <= TimeSpan.Zero; _next = Following())
            due.Add(_next);
        if (_next is not null)
            _scheduled.Disposable = scheduler.Schedule(Wait(_next), Play);

        // Test frameworks set a synchronization context, and with one, awaiters do not resume on the current thread.
        using (NoSynchronizationContext.Enter())
        {
            foreach (ScriptStep step in due.TakeWhile(_ => Record.Closed is null))
                step.Act(this);
        }
    }

    private ScriptStep? Following() => _steps.MoveNext() ? _steps.Current : null;

    private TimeSpan Wait(ScriptStep step) => Request.Time + step.Time - now();

    private void Close(SseClosedBy by)
    {
        if (Record.Closed is not null)
            return;
        Record = Record with { Closed = now(), ClosedBy = by };
        _scheduled.Dispose();
    }
}
