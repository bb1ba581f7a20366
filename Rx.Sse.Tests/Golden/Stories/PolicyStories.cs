using System.Net;
using System.Reactive.Linq;
using System.Text;
using Polly;
using Polly.CircuitBreaker;
using Polly.Fallback;
using Polly.Timeout;
using static Rx.Sse.Tests.Golden.Answer;

namespace Rx.Sse.Tests.Golden.Stories;

/// <summary>Presets, and policies that use features of Polly.</summary>
internal static class PolicyStories
{
    public static GoldenStory[] All { get; } =
    [
        new("policy-strict", "The preset that is as strict as a browser: any response but a good one is final.",
            new Act(Status(503)) { Title = "503", Options = (o, _) => o.Strict() },
            new Act(Status(429, headers: ("Retry-After", "1"))) { Title = "429", Options = (o, _) => o.Strict() },
            new Act(Status(204, contentType: null)) { Title = "204", Options = (o, _) => o.Strict() },
            new Act(Silent.Head(200, "text/html").End(0))
            {
                Title = "wrong content type",
                Options = (o, _) => o.Strict(),
            },
            StrictRetries("refused", Refuse),
            StrictRetries("reset", Open().Reset(0)),
            StrictRetries("end", Open().End(0))),

        new("policy-default", "The default policy, whose delays are not shown because they have jitter.",
            new Act(Refuse, Open())
            {
                Source = Sources.SignalsWithoutDelays,
                Options = (_, _) => new SseOptions(),
                Until = 1,
            }),

        new("policy-should-handle", "ShouldHandle sees the exceptions as they came.",
            ShouldHandle(
                "404 is tried again",
                error => error is SseResponseException { StatusCode: HttpStatusCode.NotFound },
                Status(404),
                Open()),
            ShouldHandle("a reset is not", error => error is not IOException, Open().Send(1, "data: a\n\n").Reset(1)),
            ShouldHandle("nor a refusal", error => error is not HttpRequestException, Refuse),
            ShouldHandle(
                "the limit is, which a default policy never does",
                _ => true,
                Open().Send(1, "data: 0123456789\n\n"),
                Open()) with
            {
                Options = (o, stage) => Handling(o, stage, _ => true) with { MaxEventSize = 10 },
            },
            ShouldHandle("a failed factory is, which a default policy never does", _ => true, Open()) with
            {
                Request = _ =>
                {
                    int asked = 0;
                    return SseRequest.Create(
                        () => ++asked == 2
                            ? new HttpRequestMessage(HttpMethod.Get, "/stream")
                            : throw new StoryException("no token"));
                },
            },
            new Act(Open().Send(1, "data: a\n\n"))
            {
                Title = "a good response is not asked about",
                Options = (o, _) => o.Reconnect(maxRetryAttempts: 2, shouldHandle: _ => true),
            },
            ShouldHandle("204 is no failure", _ => true, Status(204, contentType: null))),

        new("policy-delay-generator", "What a DelayGenerator returns is the delay.",
            Delays("7 s", _ => 7),
            Delays("null leaves it to the policy", attempt => attempt == 0 ? null : 7),
            Delays("negative leaves it to the policy", _ => -1),
            Delays("zero", _ => 0) with
            {
                Until = 0.5,
                Options = (o, _) => o.Reconnect(delayGenerator: attempt => attempt < 3 ? 0 : 10),
            },
            Delays("50 ms", _ => 0.05) with
            {
                Until = 0.5,
                Options = (o, _) => o.Reconnect(delayGenerator: attempt => attempt < 3 ? 0.05 : 10),
            },
            new Act(Status(503, headers: ("Retry-After", "20")), Open())
            {
                Title = "shorter than Retry-After",
                Options = (o, _) => o.Reconnect(delayGenerator: _ => 7),
                Until = 30,
            },
            new Act(Open().Send(0, "retry: 20000\n\n").Reset(0), Open())
            {
                Title = "shorter than retry",
                Options = (o, _) => o.Reconnect(delayGenerator: _ => 7),
                Until = 30,
            }),

        new("policy-order", "The order in which an outage asks and tells.",
            new Act(Open().Send(1, "data: a\n\n").Reset(1), Refuse, Status(503), Open().Send(1, "data: b\n\n"))
            {
                Request = stage => SseRequest.Create(() =>
                {
                    stage.Note("factory");
                    return new HttpRequestMessage(HttpMethod.Get, "/stream");
                }),
                Options = (o, stage) => o.Reconnect(
                    shouldHandle: error =>
                    {
                        stage.Note($"ShouldHandle: {(error is null ? "-" : TraceText.OfError(error))}");
                        return error is not null;
                    },
                    delayGenerator: attempt =>
                    {
                        stage.Note($"DelayGenerator: {attempt}");
                        return null;
                    },
                    onRetry: (attempt, delay, _) => stage.Note(
                        FormattableString.Invariant($"OnRetry: {attempt}, {delay} s"))),
                Until = 30,
            }),

        new("policy-attempt-timeout", "A timeout inside the reconnection limits each attempt.",
            new Act(Silent, Open(1).Send(10, "data: a\n\n"))
            {
                Options = (o, _) => o.Reconnect(aroundAttempt: builder => builder.AddTimeout(TimeSpan.FromSeconds(5))),
                Until = 20,
            }),

        new("policy-outage-timeout", "A timeout around the reconnection limits a whole outage.",
            new Act(Open().Send(1, "data: a\n\n").Reset(1), Refuse)
            {
                Title = "while waiting",
                Options = (o, _) => o.Reconnect(aroundOutage: builder => builder.AddTimeout(TimeSpan.FromSeconds(10))),
            },
            new Act(Silent)
            {
                Title = "while connecting for the first time",
                Options = (o, _) => o.Reconnect(aroundOutage: builder => builder.AddTimeout(TimeSpan.FromSeconds(10))),
            },
            new Act(Open().Send(20, "data: a\n\n"))
            {
                Title = "not while the stream is open",
                Options = (o, _) => o.Reconnect(aroundOutage: builder => builder.AddTimeout(TimeSpan.FromSeconds(10))),
                Until = 30,
            }),

        new("policy-circuit-breaker", "A circuit breaker inside the reconnection, and what it counts.",
            new Act(Open().Send(1, "data: a\n\n").Reset(1), Refuse, Refuse, Refuse, Open())
            {
                // Without OnOpened, because Polly runs it on another thread, and virtual time would not wait for that.
                Options = (o, _) => o.Reconnect(
                    backoff: DelayBackoffType.Constant,
                    aroundAttempt: builder => builder.AddCircuitBreaker(new()
                    {
                        FailureRatio = 0.5,
                        MinimumThroughput = 3,
                        SamplingDuration = TimeSpan.FromSeconds(60),
                        BreakDuration = TimeSpan.FromSeconds(10),
                        ShouldHandle = arguments => new(arguments.Outcome.Exception is not null),
                    })),
                Until = 45,
            }),

        new("policy-fallback", "A response that a strategy puts in the place of the server's.",
            Fallback(
                "an event stream",
                () => new HttpResponseMessage
                {
                    Content = new StringContent("data: spare\n\n", Encoding.UTF8, "text/event-stream"),
                }),
            Fallback("503", () => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable)),
            Fallback("204", () => new HttpResponseMessage(HttpStatusCode.NoContent))),

        new("policy-two-streams", "Two subscriptions, one after the other, know nothing of each other.",
            new Act(Refuse, Refuse, Open().Send(1, "id: 7\ndata: a\n\n"), Refuse, Open().Send(1, "data: b\n\n"))
            {
                Source = stage =>
                {
                    IObservable<object> stream = Sources.Signals(stage);
                    IObservable<object> untilEvent = stream.TakeUntil(value => value is SseEvent);
                    return untilEvent.Concat(untilEvent);
                },
            }),
    ];

    private static Act StrictRetries(string title, Answer answer) => new(answer, Open())
    {
        Title = title,
        Source = Sources.SignalsWithoutDelays,
        Options = (o, _) => o.Strict(),
        Until = 1,
    };

    private static Act ShouldHandle(string title, Func<Exception?, bool> shouldHandle, params Answer[] answers) =>
        new(answers)
        {
            Title = title,
            Options = (o, stage) => Handling(o, stage, shouldHandle),
            Until = 10,
        };

    private static SseOptions Handling(SseOptions options, Stage stage, Func<Exception?, bool> shouldHandle) =>
        options.Reconnect(shouldHandle: error =>
        {
            bool isHandled = error is not null && shouldHandle(error);
            string failure = error is null ? "no exception" : TraceText.OfError(error);
            stage.Note($"ShouldHandle: {failure}: {(isHandled ? "yes" : "no")}");
            return isHandled;
        });

    private static Act Delays(string title, Func<int, double?> delayGenerator) => new(Refuse)
    {
        Title = title,
        Options = (o, _) => o.Reconnect(delayGenerator: delayGenerator),
        Until = 16,
    };

    private static Act Fallback(string title, Func<HttpResponseMessage> response) => new(Refuse, Open())
    {
        Title = title,
        Options = (o, _) => o.Reconnect(aroundAttempt: builder => builder.AddFallback(new()
        {
            ShouldHandle = arguments => new(arguments.Outcome.Exception is HttpRequestException),
            FallbackAction = _ => Outcome.FromResultAsValueTask(response()),
        })),
        Until = 8,
    };
}
