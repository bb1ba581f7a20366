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

/// <summary>In the request, the current activity is the attempt's. In the observer, it is the subscriber's.</summary>
internal sealed class ActivityTests
{
    private const string Host = "activities.test";
    private const string Url = $"http://{Host}/stream";

    [Test]
    public void ActivitySource_WholeLife_HasOneActivityForEachAttempt()
    {
        var thread = Thread.CurrentThread;
        List<Activity> activities = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Rx.Sse",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                // Other tests also run streams.
                if (Thread.CurrentThread == thread)
                    activities.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);

        SecretStream.Run(new SseOptions(), SecretStream.Life);

        Assert.That(
            activities.Select(activity => (
                activity.GetTagItem("http.response.status_code"),
                activity.GetTagItem("error.type"),
                activity.Status,
                activity.StatusDescription)),
            Is.EqualTo(new (object?, object?, ActivityStatusCode, string?)[]
            {
                (200, null, ActivityStatusCode.Unset, null),
                (null, typeof(HttpRequestException).FullName, ActivityStatusCode.Error, "HttpRequestException"),
                (200, null, ActivityStatusCode.Unset, null),
                (401, "401", ActivityStatusCode.Error, "SseResponseException 401"),
            }));
        Assert.That(activities.Select(activity => activity.OperationName), Is.All.EqualTo("sse.connect"));
        Assert.That(
            activities.Select(activity => activity.GetTagItem("server.address")), Is.All.EqualTo(SecretStream.Host));
        Assert.That(activities.Select(activity => activity.Kind), Is.All.EqualTo(ActivityKind.Client));
        foreach (Activity activity in activities)
            SecretStream.AssertNoSecret(string.Join(' ', activity.TagObjects) + activity.StatusDescription);
    }

    [Test]
    public void Activity_OfTheSubscriber_IsTheParentAndStaysCurrent()
    {
        var started = new ConcurrentQueue<Activity>();
        using ActivityListener listener = Listen("Rx.Sse", "subscriber", started: started.Enqueue);
        using var source = new ActivitySource("subscriber");
        using Activity parent = source.StartActivity("parent")!;

        Story story = Story.Begin(OpenStream()).Until(1);

        Assert.That(Activity.Current, Is.SameAs(parent));
        Assert.That(started, Has.Some.Matches<Activity>(a => a!.OperationName == "sse.connect" && a.Parent == parent));
        story.Subscription.Dispose();
        Assert.That(Activity.Current, Is.SameAs(parent));

        Activity? seen = null;
        using IDisposable subscription = new MemoryStream("data: a\n\n"u8.ToArray()).ToSseObservable().Subscribe(_ =>
            seen = Activity.Current);
        Assert.That(seen, Is.SameAs(parent));
    }

    [Test]
    public void Activity_OfTheAttempt_IsCurrentInTheRequestOnly()
    {
        using ActivityListener listener = Listen("Rx.Sse");
        List<string> seen = [];
        var scheduler = new TestScheduler();
        using var client = new HttpClient(new Recorder(
            () => Note("request"),
            Story.Serve(scheduler, OpenStream().Event(FromSeconds(1), "a").Reset(FromSeconds(2)))));
        var options = new SseOptions { Reconnection = Story.WithoutJitter };

        using IDisposable subscription = Observable
            .FromSseSignals(client, Url, options, scheduler)
            .Subscribe(signal => Note(signal.GetType().Name));
        scheduler.AdvanceTo(FromSeconds(5).Ticks);

        Assert.That(seen, Is.EqualTo(new[]
        {
            "SseConnecting: none", "request: sse.connect", "SseOpened: none", "SseEvent: none", "SseDisconnected: none",
            "SseConnecting: none", "request: sse.connect", "SseOpened: none",
        }));
        void Note(string where) => seen.Add($"{where}: {Activity.Current?.OperationName ?? "none"}");
    }

    [Test]
    public void Activity_OfAConnectionThatIsOpen_HasStopped()
    {
        var activities = new ConcurrentQueue<Activity>();
        using ActivityListener listener = Listen("Rx.Sse", stopped: activities.Enqueue);

        Story story = Story.Begin($"http://{Host}:8080/open?secret", new SseOptions(), OpenStream()).Until(1);

        Activity activity = activities.Single(a => 8080.Equals(a.GetTagItem("server.port")));
        Assert.That(story.Server.OpenConnectionCount, Is.EqualTo(1));
        Assert.That(activity.TagObjects, Is.EquivalentTo(new KeyValuePair<string, object?>[]
        {
            new("server.address", Host),
            new("server.port", 8080),
            new("url.full", $"http://{Host}:8080/open"),
            new("http.response.status_code", 200),
        }));
        story.Subscription.Dispose();
    }

    /// <summary>A sampler decides before the request is sent, so it must know the address by then.</summary>
    [Test]
    public void Activity_Sampler_IsGivenTheAddress()
    {
        var seen = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Rx.Sse",
            Sample = (ref ActivityCreationOptions<ActivityContext> creation) =>
            {
                seen.Enqueue(string.Join(' ', creation.Tags ?? []));
                return ActivitySamplingResult.None;
            },
        };
        ActivitySource.AddActivityListener(listener);

        Story.Begin("http://sampler.test/a?secret", new SseOptions(), Respond(HttpStatusCode.NoContent)).ToTheEnd();

        Assert.That(
            seen,
            Has.One.EqualTo("[server.address, sampler.test] [server.port, 80] [url.full, http://sampler.test/a]"));
    }

    [Test]
    public void Activity_IdThatTheClientRefuses_IsCurrentInBothRequests()
    {
        const string IdUrl = "http://refused-id.test/";
        var stopped = new ConcurrentQueue<Activity>();
        using ActivityListener listener = Listen("Rx.Sse", stopped: stopped.Enqueue);
        List<Activity?> seen = [];
        var scheduler = new TestScheduler();
        using var client = new HttpClient(new Recorder(() => seen.Add(Activity.Current), Story.Serve(
            scheduler,
            Refuse(exception: new HttpRequestException("Request headers must contain only ASCII characters.")),
            Respond(HttpStatusCode.NoContent))));

        using IDisposable subscription = Observable
            .FromSse(client, IdUrl, new SseOptions { LastEventId = "é" }, scheduler)
            .Subscribe(_ => { });
        scheduler.Start();

        Activity activity = stopped.Single(a => IdUrl.Equals(a.GetTagItem("url.full")));
        Assert.That(seen, Is.EqualTo(new[] { activity, activity }));
        Assert.That(activity.GetTagItem("http.response.status_code"), Is.EqualTo(204));
    }

    [Test]
    public void Activity_ResponseThatAStrategyReplaces_HasTheServersStatus()
    {
        const string ReplacedUrl = "http://replaced.test/";
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

        using IDisposable subscription = Observable
            .FromSse(client, ReplacedUrl, options, scheduler)
            .Subscribe(_ => { }, _ => { });

        Assert.That(
            stopped
                .Where(activity => ReplacedUrl.Equals(activity.GetTagItem("url.full")))
                .Select(activity => (activity.GetTagItem("http.response.status_code"), activity.Status)),
            Is.EqualTo(new (object?, ActivityStatusCode)[] { (200, ActivityStatusCode.Unset) }));
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

    /// <summary>
    /// For example, a stream is subscribed to again long after the server's request that first subscribed has ended.
    /// </summary>
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
                using IDisposable subscription = Observable.FromSse(client, Url, null, scheduler).Subscribe(_ =>
                    seen.Add(Activity.Current?.OperationName));
                scheduler.AdvanceTo(FromSeconds(2).Ticks);
            },
            null);

        Assert.That(seen, Is.EqualTo(new[] { "subscriber" }));
    }

    private static ActivityListener Listen(
        string name, string? otherName = null, Action<Activity>? started = null, Action<Activity>? stopped = null)
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

    /// <summary>Calls the action when the client's handler sends a request.</summary>
    private sealed class Recorder(Action record, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            record();
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class StartsAnActivity(ActivitySource source) : ResilienceStrategy<HttpResponseMessage>
    {
        protected override async ValueTask<Outcome<HttpResponseMessage>> ExecuteCore<TState>(
            Func<ResilienceContext, TState, ValueTask<Outcome<HttpResponseMessage>>> callback,
            ResilienceContext context, TState state)
        {
            using Activity? activity = source.StartActivity("attempt");
            return await callback(context, state).ConfigureAwait(false);
        }
    }
}
