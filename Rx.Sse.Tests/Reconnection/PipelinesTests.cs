using System.Reactive.Concurrency;
using Microsoft.Reactive.Testing;
using Polly;
using Rx.Sse.Reconnection;
using Rx.Sse.Scheduling;

namespace Rx.Sse.Tests.Reconnection;

/// <summary>Which streams share a pipeline, so that they do not each have one.</summary>
internal sealed class PipelinesTests
{
    private static readonly SseReconnection[] Presets =
        [SseReconnection.Default, SseReconnection.Strict, Story.WithoutJitter, SseReconnection.Never];

    [TestCaseSource(nameof(Presets))]
    public void For_NoCallbacksInRealTime_IsOneForAllStreams(SseReconnection reconnection) =>
        Assert.That(Twice(reconnection, DefaultScheduler.Instance), Has.Exactly(1).Items);

    [TestCaseSource(nameof(Presets))]
    public void For_VirtualTime_IsOneForEachStream(SseReconnection reconnection) =>
        Assert.That(Twice(reconnection, new TestScheduler()), Has.Exactly(2).Items);

    [Test]
    public void For_DifferentSettings_AreSeparate() =>
        Assert.That(
            Presets.SelectMany(preset => Twice(preset, DefaultScheduler.Instance)),
            Is.Unique.And.Exactly(4).Items);

    [Test]
    public void For_Callbacks_IsOneForEachStream([Values] bool aroundOutage)
    {
        int built = 0;
        SseReconnection reconnection = aroundOutage
            ? SseReconnection.Default with { ConfigureOutage = _ => built++ }
            : SseReconnection.Default with { ConfigureAttempt = _ => built++ };

        Assert.That(Twice(reconnection, DefaultScheduler.Instance), Has.Exactly(2).Items);
        Assert.That(built, Is.EqualTo(2));
    }

    [Test]
    public void For_CopyOfASharedValue_SharesNothing()
    {
        SseReconnection original = SseReconnection.Default with { MaxRetryAttempts = 7 };
        ResiliencePipeline<HttpResponseMessage> shared = Pipelines.For(original, SchedulerTimeProvider.Default);
        int built = 0;

        SseReconnection copy = original with { ConfigureAttempt = _ => built++ };

        Assert.That(Pipelines.For(copy, SchedulerTimeProvider.Default), Is.Not.SameAs(shared));
        Assert.That(built, Is.EqualTo(1));
    }

    [Test]
    public void TimeOf_RealTime_IsOneForAllStreams()
    {
        TimeProvider time = SchedulerTimeProvider.For(DefaultScheduler.Instance);
        TimeProvider virtualTime = SchedulerTimeProvider.For(new TestScheduler());

        Assert.That(time, Is.SameAs(SchedulerTimeProvider.For(DefaultScheduler.Instance)).And.Not.SameAs(virtualTime));
        Assert.That(virtualTime.GetUtcNow().Ticks, Is.Zero);
    }

    /// <summary>Returns the pipelines of two streams.</summary>
    private static HashSet<ResiliencePipeline<HttpResponseMessage>> Twice(
        SseReconnection reconnection, IScheduler scheduler) =>
        [.. Enumerable.Range(0, 2).Select(_ => Pipelines.For(reconnection, SchedulerTimeProvider.For(scheduler)))];
}
