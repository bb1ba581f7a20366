using System.Reactive;
using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Rx.Sse.Testing;

namespace Rx.Sse.Tests;

/// <summary>
/// A scripted server, a subscriber, and virtual time in seconds. The last script also serves all further connections.
/// There is no jitter, unless the options enable it.
/// </summary>
internal sealed class Story
{
    public const string Path = "/stream";

    private Story(SseScript[] script)
    {
        Server = Serve(Scheduler, script);
        Client = Server.CreateClient();
        Observer = Scheduler.CreateObserver<SseEvent>();
    }

    /// <summary>The default policy without jitter.</summary>
    public static SseReconnection WithoutJitter { get; } = SseReconnection.Default with { UseJitter = false };

    public static Uri Address { get; } = new(SseTestServer.BaseAddress, Path);

    public TestScheduler Scheduler { get; } = new();

    public SseTestServer Server { get; }

    public HttpClient Client { get; }

    public ITestableObserver<SseEvent> Observer { get; }

    public IDisposable Subscription { get; private set; } = null!;

    public double Now => Seconds(Scheduler.Clock);

    /// <summary>What was received, with times in seconds.</summary>
    public IEnumerable<(double Time, string Data)> Events =>
        from message in Observer.Messages
        where message.Value.Kind == NotificationKind.OnNext
        select (Seconds(message.Time), message.Value.Value.Data);

    public Exception? Error =>
        Observer.Messages.LastOrDefault().Value is { Kind: NotificationKind.OnError } end ? end.Exception : null;

    public bool HasCompleted => Observer.Messages.LastOrDefault().Value is { Kind: NotificationKind.OnCompleted };

    public double EndTime => Seconds(Observer.Messages[^1].Time);

    public double[] RequestTimes => [.. Server.Requests.Select(request => Seconds(request.Time.Ticks))];

    public string[] LastEventIds => [.. Server.Requests.Select(request => request.LastEventId)];

    /// <summary>Subscribes at second 0 to a server with the given script.</summary>
    public static Story Begin(params SseScript[] script) =>
        Begin(new SseOptions { Reconnection = WithoutJitter }, script);

    public static Story Begin(SseOptions options, params SseScript[] script) => Begin(Path, options, script);

    public static Story Begin(SseRequest request, SseOptions options, params SseScript[] script)
    {
        var story = new Story(script);
        story.Subscription = Observable.FromSse(story.Client, request, options, story.Scheduler)
            .Subscribe(story.Observer);
        return story;
    }

    /// <summary>
    /// Subscribes at second 0 to all signals of a server with the given script, and returns those until the given time.
    /// </summary>
    public static List<(double Time, object Signal)> SignalsUntil(
        double seconds, SseOptions options, params SseScript[] script)
    {
        var story = new Story(script);
        var seen = new List<(double, object)>();
        using IDisposable subscription = Observable.FromSseSignals(
            story.Client, Path, options, story.Scheduler).Subscribe(
            signal => seen.Add((story.Now, signal)),
            error => seen.Add((story.Now, error)),
            () => seen.Add((story.Now, "completed")));
        story.Until(seconds);
        return seen;
    }

    /// <summary>A server with the given script. Its last connection also serves all further ones.</summary>
    public static SseTestServer Serve(TestScheduler scheduler, params SseScript[] script) =>
        new SseTestServer(scheduler, script).Otherwise(script[^1]);

    public Story Until(double seconds)
    {
        Scheduler.AdvanceTo(TimeSpan.FromSeconds(seconds).Ticks);
        return this;
    }

    /// <summary>Runs until nothing is scheduled.</summary>
    public Story ToTheEnd()
    {
        Scheduler.Start();
        return this;
    }

    /// <summary>The nearest number. <see cref="TimeSpan.TotalSeconds"/> does not return it on .NET Framework.</summary>
    private static double Seconds(long ticks) => (double)ticks / TimeSpan.TicksPerSecond;
}
