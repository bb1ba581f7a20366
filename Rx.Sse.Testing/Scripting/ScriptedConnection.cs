using System.Diagnostics.CodeAnalysis;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using Rx.Sse.Scheduling;

namespace Rx.Sse.Testing.Scripting;

/// <summary>A request being answered: plays its script on the scheduler, and remembers when what happened.</summary>
[SuppressMessage(
    "Design",
    "CA1001",
    Justification = "The steps come off the scheduler when the connection ends; the body is the client's to close.")]
internal sealed class ScriptedConnection(
    IScheduler scheduler, Func<TimeSpan> now, SseTestRequest request, SseScript script)
{
    /// <summary>
    /// Completes when the server acts, and continues the awaiting code on the scheduler's thread. An exception is
    /// thrown there and not set here, because a connection may share it with others, and would add its stack trace.
    /// </summary>
    private readonly TaskCompletionSource<Func<HttpResponseMessage>> _answer = new();

    /// <summary>
    /// The next steps, on the scheduler. When the client has left they come off it, so that nothing is left there.
    /// </summary>
    private readonly SerialDisposable _scheduled = new();

    /// <summary>The message itself: the response is to tell what it answers.</summary>
    private HttpRequestMessage? _message;

    /// <summary>The client's wish to wait no longer for the answer.</summary>
    private CancellationTokenRegistration _cancellation;

    /// <summary>What the server has sent; null until it has answered.</summary>
    private ScriptedBody? _body;

    /// <summary>How many bytes the client still reads; null if the head does not say.</summary>
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

    /// <summary>Sends bytes. Those beyond the length that the head has given are not read by any client.</summary>
    public void Send(ReadOnlyMemory<byte> bytes)
    {
        if (_remaining is { } remaining)
        {
            bytes = bytes[..(int)Math.Min(remaining, bytes.Length)];
            _remaining = remaining - bytes.Length;
        }

        // Before the client gets them, because it may leave at once.
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
    /// Takes the steps that are due. The later ones go on the scheduler first, and so before whatever the client
    /// schedules now.
    /// </summary>
    private void Play()
    {
        List<ScriptStep> due = [];
        for (; _next is not null && Wait(_next) <= TimeSpan.Zero; _next = Following())
            due.Add(_next);
        if (_next is not null)
            _scheduled.Disposable = scheduler.Schedule(Wait(_next), Play);

        // Test frameworks set a synchronization context, and with one, awaiters don't resume on the thread they are on.
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
