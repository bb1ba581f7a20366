using System.Reactive;
using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Polly;

namespace Rx.Sse.Tests.Scripted;

/// <summary>A scripted server, a subscriber, and virtual time in seconds. Without jitter, unless the options say otherwise.</summary>
internal sealed class Story
{
    public const string Url = "http://test/stream";

    private Story(Answer[] script)
    {
        Server = new ScriptedServer(Scheduler, script);
        Client = new HttpClient(Server);
        Observer = Scheduler.CreateObserver<SseEvent>();
    }

    public static Action<ResiliencePipelineBuilder<HttpResponseMessage>> WithoutJitter { get; } = Reconnect(_ => { });

    public TestScheduler Scheduler { get; } = new();

    public ScriptedServer Server { get; }

    public HttpClient Client { get; }

    public ITestableObserver<SseEvent> Observer { get; }

    public IDisposable Subscription { get; private set; } = null!;

    public double Now => Server.Now;

    /// <summary>What was received, with times in seconds.</summary>
    public IEnumerable<(double Time, string Data)> Events =>
        from message in Observer.Messages
        where message.Value.Kind == NotificationKind.OnNext
        select (Seconds(message.Time), message.Value.Value.Data);

    public Exception? Error => Observer.Messages.LastOrDefault().Value is { Kind: NotificationKind.OnError } end ? end.Exception : null;

    public bool HasCompleted => Observer.Messages.LastOrDefault().Value is { Kind: NotificationKind.OnCompleted };

    public double EndTime => Seconds(Observer.Messages[^1].Time);

    public double[] RequestTimes => [.. Server.Requests.Select(request => request.Time)];

    public string?[] LastEventIds => [.. Server.Requests.Select(request => request.LastEventId)];

    /// <summary>Subscribes at second 0 to a server with that script.</summary>
    public static Story Begin(params Answer[] script) => Begin(new SseOptions { Reconnection = WithoutJitter }, script);

    public static Story Begin(SseOptions options, params Answer[] script) => Begin(Url, options, script);

    public static Story Begin(SseRequest request, SseOptions options, params Answer[] script)
    {
        var story = new Story(script);
        story.Subscription = Observable.FromSse(story.Client, request, options, story.Scheduler).Subscribe(story.Observer);
        return story;
    }

    /// <summary>Subscribes at second 0 to all signals of a server with that script, and gives what it sees until then.</summary>
    public static List<(double Time, object Signal)> SignalsUntil(double seconds, SseOptions options, params Answer[] script)
    {
        var scheduler = new TestScheduler();
        using var client = new HttpClient(new ScriptedServer(scheduler, script));
        var seen = new List<(double, object)>();
        using IDisposable subscription = Observable.FromSseSignals(client, Url, options, scheduler).Subscribe(
            signal => seen.Add((Seconds(scheduler.Clock), signal)),
            error => seen.Add((Seconds(scheduler.Clock), error)),
            () => seen.Add((Seconds(scheduler.Clock), "completed")));
        scheduler.AdvanceTo(TimeSpan.FromSeconds(seconds).Ticks);
        return seen;
    }

    /// <summary>The default policy without jitter, changed as given.</summary>
    public static Action<ResiliencePipelineBuilder<HttpResponseMessage>> Reconnect(Action<SseReconnectStrategyOptions> configure) => builder =>
    {
        var options = new SseReconnectStrategyOptions { UseJitter = false };
        configure(options);
        builder.AddSseReconnect(options);
    };

    public Story Until(double seconds)
    {
        Scheduler.AdvanceTo(TimeSpan.FromSeconds(seconds).Ticks);
        return this;
    }

    /// <summary>Runs until nothing is scheduled any more.</summary>
    public Story ToTheEnd()
    {
        Scheduler.Start();
        return this;
    }

    private static double Seconds(long ticks) => TimeSpan.FromTicks(ticks).TotalSeconds;
}
