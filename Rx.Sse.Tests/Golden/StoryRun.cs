using System.Reactive.Concurrency;

namespace Rx.Sse.Tests.Golden;

/// <summary>Plays an act in virtual time and records its trace. The derived class provides the server.</summary>
internal abstract class StoryRun(Act act)
{
    private Stage? _stage;

    public static Uri BaseAddress { get; } = new("http://localhost/");

    protected Act Act { get; } = act;

    protected StoryClock Clock { get; } = new();

    protected TraceLog Log => field ??= new TraceLog(Clock);

    public IReadOnlyList<string> Play()
    {
        // Test frameworks set a synchronization context, which prevents continuations from running inline.
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            using HttpClient client = CreateClient();
            client.BaseAddress = BaseAddress;
            client.Timeout = Timeout.InfiniteTimeSpan;
            Act.Client?.Invoke(client);
            _stage = new Stage(Act, Clock, client, Log);
            Perform(_stage);
            LogConnections();
            return Log.Lines;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    protected abstract HttpClient CreateClient();

    /// <summary>Lets everything happen that is due. While the observer is busy, nothing more can happen.</summary>
    protected void Settle()
    {
        if (_stage is not { IsBusy: true })
            WaitForRest();
    }

    /// <summary>Waits until nothing more can happen unless the clock advances.</summary>
    protected abstract void WaitForRest();

    protected abstract void LogConnections();

    private void Perform(Stage stage)
    {
        foreach ((double time, Action<Stage> action) in Act.At)
            Clock.Schedule(StoryClock.Origin + TimeSpan.FromSeconds(time), () => action(stage));

        Try(
            () => CurrentThreadScheduler.Instance.Schedule(
                () => stage.Subscribe(Act.Source(stage).Subscribe(new Observer(this, stage)))));
        while (Try(() => Clock.RunNext(TimeSpan.FromSeconds(Act.Until))))
        {
        }

        if (!stage.IsOver)
            Try(stage.Leave);
    }

    private void Try(Action action) => Try(() =>
    {
        action();
        return true;
    });

    private bool Try(Func<bool> action)
    {
        bool result;
        try
        {
            result = action();
        }
        catch (Exception exception) when (exception is StoryException or ArgumentException)
        {
            Log.Add("thrown", $"{exception.GetType().Name} {TraceText.Quote(exception.Message)}");
            result = true;
        }

        Settle();
        return result;
    }

    private sealed class Observer(StoryRun run, Stage stage) : IObserver<object>
    {
        private readonly int _thread = Environment.CurrentManagedThreadId;

        public void OnNext(object value)
        {
            (string kind, string text) = TraceText.OfNotification(value);
            Add(kind, text);
            run.Act.OnNext?.Invoke(stage, value);
        }

        public void OnError(Exception error)
        {
            Add("error", TraceText.OfFinalError(error));
            stage.End();
            run.Act.OnEnd?.Invoke(stage);
        }

        public void OnCompleted()
        {
            Add("completed", "");
            stage.End();
            run.Act.OnEnd?.Invoke(stage);
        }

        private void Add(string kind, string text) =>
            run.Log.Add(kind, Environment.CurrentManagedThreadId == _thread ? text : $"{text} (on another thread)");
    }
}
