using Polly;
using Polly.Retry;
using Polly.Telemetry;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Reconnection;

/// <summary>Polly's telemetry receives the same reports as from Polly's own retry strategy.</summary>
internal sealed class TelemetryTests
{
    [Test]
    public void TelemetryListener_EveryAttempt_IsReportedAsByPolly()
    {
        var listener = new RecordingListener();
        Story.Begin(
            new SseOptions
            {
                Reconnection = Story.WithoutJitter with
                {
                    ConfigureOutage = builder => builder.TelemetryListener = listener,
                },
            },
            Refuse(FromSeconds(1)),
            OpenStream(FromSeconds(2))).Until(10);

        Assert.That(listener.Lines, Is.EqualTo(new[]
        {
            "Rx.Sse SseReconnect Warning ExecutionAttempt 0 took 1 s, handled True",
            "Rx.Sse SseReconnect Warning OnRetry 0 took 1 s, again in 3 s",
            "Rx.Sse SseReconnect Information ExecutionAttempt 1 took 2 s, handled False",
        }));
    }

    [Test]
    public void SseResilienceKeys_HaveTheNamesByWhichOthersFindThem() =>
        Assert.That(
            new[] { SseResilienceKeys.ReconnectionTime.Key, SseResilienceKeys.Attempt.Key },
            Is.EqualTo(new[] { "Rx.Sse.ReconnectionTime", "Rx.Sse.Attempt" }));

    private sealed class RecordingListener : TelemetryListener
    {
        public List<string> Lines { get; } = [];

        public override void Write<TResult, TArgs>(in TelemetryEventArguments<TResult, TArgs> args)
        {
            string what = args.Arguments switch
            {
                ExecutionAttemptArguments attempt =>
                    $"{attempt.AttemptNumber} took {attempt.Duration.TotalSeconds} s, handled {attempt.Handled}",
                OnRetryArguments<HttpResponseMessage> retry =>
                    $"{retry.AttemptNumber} took {retry.Duration.TotalSeconds} s, again in "
                        + $"{retry.RetryDelay.TotalSeconds} s",
                _ => "",
            };
            if (what.Length > 0)
                Lines.Add(
                    $"{args.Source.PipelineName} {args.Source.StrategyName} {args.Event.Severity} "
                        + $"{args.Event.EventName} {what}");
        }
    }
}
