using System.Reactive.Disposables;

namespace Rx.Sse.Tests.Golden;

/// <summary>What the client of an act can use and do.</summary>
internal sealed class Stage(Act act, StoryClock clock, HttpClient client, TraceLog log)
{
    private readonly SingleAssignmentDisposable _subscription = new();

    public StoryClock Clock { get; } = clock;

    public HttpClient Client { get; } = client;

    public SseRequest Request => act.Request(this);

    public SseOptions Options => act.Options(Policy.WithoutJitter, this);

    /// <summary>Whether the observer is busy. The library does not read during that time.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>Whether the stream has ended or the client has left.</summary>
    public bool IsOver { get; private set; }

    public void Subscribe(IDisposable subscription) => _subscription.Disposable = subscription;

    /// <summary>Writes a note to the trace.</summary>
    public void Note(string text) => log.Add("note", text);

    /// <summary>Disposes of the subscription.</summary>
    public void Leave()
    {
        log.Add("dispose");
        IsOver = true;
        _subscription.Dispose();
    }

    public void LeaveFromAnotherThread()
    {
        var thread = new Thread(Leave);
        thread.Start();
        thread.Join();
    }

    /// <summary>
    /// Spends the given time inside a notification. The server and the timers continue meanwhile, as they do on other
    /// threads.
    /// </summary>
    public void Spend(double seconds)
    {
        TimeSpan end = Clock.Time + TimeSpan.FromSeconds(seconds);
        IsBusy = true;
        while (Clock.RunNext(end))
        {
        }

        IsBusy = false;
        Note(FormattableString.Invariant($"the observer has taken {seconds} s"));
    }

    public void End() => IsOver = true;
}

/// <summary>Thrown by user code in a story.</summary>
internal sealed class StoryException(string message) : Exception(message);
