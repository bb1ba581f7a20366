using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Polly;
using Polly.Fallback;
using Polly.Retry;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Diagnostics;

/// <summary>Whose activity is current where: the connection's in the request, and the subscriber's in the observer.</summary>
internal sealed class ActivityTests
{
    private const string Host = "activities.test";
    private const string Url = $"http://{Host}/stream";

    [Test]
    public void Activity_OfTheSubscriber_IsTheParentAndStaysCurrent()
    {
        var started = new ConcurrentQueue<Activity>();
        using ActivityListener listener = Listen("Rx.Sse", "subscriber", started: started.Enqueue);
        using var source = new ActivitySource("subscriber");
        using Activity parent = source.StartActivity("parent")!;

        Story story = Story.Begin(OpenStream()).Until(1);

        Assert.That(Activity.Current, Is.SameAs(parent));
        Assert.That(started, Has.Some.Matches<Activity>(a => a!.OperationName == "sse.connection" && a.Parent == parent));
        story.Subscription.Dispose();
        Assert.That(Activity.Current, Is.SameAs(parent));

        Activity? seen = null;
        using IDisposable subscription = new MemoryStream("data: a\n\n"u8.ToArray()).ToSseObservable().Subscribe(_ => seen = Activity.Current);
        Assert.That(seen, Is.SameAs(parent));
    }

    [Test]
    public void Activity_ConnectionInWhosePlaceAStrategyPutsNothing_IsAFailure()
    {
        var stopped = new ConcurrentQueue<Activity>();
        using ActivityListener listener = Listen("Rx.Sse", stopped: stopped.Enqueue);

        var options = new SseOptions
        {
            Reconnection = SseReconnection.Default with
            {
                ConfigureAttempt = static builder => builder.AddFallback(new()
                {
                    ShouldHandle = static args => new(args.Outcome.Result is not null),
                    FallbackAction = static _ => new(Outcome.FromResult<HttpResponseMessage>(null)),
                }),
            },
        };
        var scheduler = new TestScheduler();
        using HttpClient client = Story.Serve(scheduler, OpenStream()).CreateClient();

        using IDisposable subscription = Observable.FromSse(client, Url, options, scheduler).Subscribe(_ => { }, _ => { });

        Assert.That(
            stopped.Where(activity => Host.Equals(activity.GetTagItem("server.address"))).Select(activity => activity.StatusDescription),
            Is.EqualTo(new[] { "SseException" }));
    }

    [Test]
    public void Activity_OfAStrategy_IsNotTheObservers()
    {
        using ActivityListener listener = Listen("Rx.Sse", "strategy");
        using var source = new ActivitySource("strategy");
        var options = new SseOptions
        {
            Reconnection = SseReconnection.Never with
            {
                ConfigureAttempt = builder => builder.AddStrategy(
                    _ => new StartsAnActivity(source), new RetryStrategyOptions<HttpResponseMessage>()),
            },
        };
        List<string?> seen = [];

        foreach (SseScript script in new[] { Respond(HttpStatusCode.NoContent), OpenStream().Close(Zero) })
        {
            var scheduler = new TestScheduler();
            using HttpClient client = Story.Serve(scheduler, script).CreateClient();
            using IDisposable subscription = Observable.FromSse(client, Url, options, scheduler)
                .Finally(() => seen.Add(Activity.Current?.OperationName))
                .Subscribe(_ => { }, _ => { });
            scheduler.AdvanceTo(FromMinutes(1).Ticks);
        }

        Assert.That(seen, Is.EqualTo(new string?[] { null, null }));
    }

    /// <summary>As where a subscription is made again, long after the request of a server that made it first has ended.</summary>
    [Test]
    public void Activity_OfASubscriberThatIsStopped_StaysTheObservers()
    {
        using ActivityListener listener = Listen("Rx.Sse");
        using Activity subscriber = new Activity("subscriber").Start();
        ExecutionContext flow = ExecutionContext.Capture()!;
        subscriber.Stop();
        var scheduler = new TestScheduler();
        using HttpClient client = Story.Serve(scheduler, OpenStream().Event(FromSeconds(1), "a")).CreateClient();
        List<string?> seen = [];

        ExecutionContext.Run(
            flow,
            _ =>
            {
                using IDisposable subscription = Observable.FromSse(client, Url, null, scheduler).Subscribe(_ => seen.Add(Activity.Current?.OperationName));
                scheduler.AdvanceTo(FromSeconds(2).Ticks);
            },
            null);

        Assert.That(seen, Is.EqualTo(new[] { "subscriber" }));
    }

    private static ActivityListener Listen(string name, string? otherName = null, Action<Activity>? started = null, Action<Activity>? stopped = null)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == name || source.Name == otherName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = started,
            ActivityStopped = stopped,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private sealed class StartsAnActivity(ActivitySource source) : ResilienceStrategy<HttpResponseMessage>
    {
        protected override async ValueTask<Outcome<HttpResponseMessage>> ExecuteCore<TState>(
            Func<ResilienceContext, TState, ValueTask<Outcome<HttpResponseMessage>>> callback, ResilienceContext context, TState state)
        {
            using Activity? activity = source.StartActivity("attempt");
            return await callback(context, state).ConfigureAwait(false);
        }
    }
}
