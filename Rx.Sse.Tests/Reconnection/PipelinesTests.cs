using System.Reactive.Concurrency;
using Microsoft.Reactive.Testing;
using Polly;
using Rx.Sse.Reconnection;

namespace Rx.Sse.Tests.Reconnection;

/// <summary>Which streams share a pipeline, and so do not hold one each.</summary>
internal sealed class PipelinesTests
{
    private static readonly Action<ResiliencePipelineBuilder<HttpResponseMessage>>[] Presets =
        [SseReconnection.Default, SseReconnection.EventSource, SseReconnection.WithoutJitter, SseReconnection.Never];

    [TestCaseSource(nameof(Presets))]
    public void For_PresetInRealTime_IsOneForAllStreams(Action<ResiliencePipelineBuilder<HttpResponseMessage>> preset) =>
        Assert.That(Twice(preset, DefaultScheduler.Instance), Has.Exactly(1).Items);

    [TestCaseSource(nameof(Presets))]
    public void For_PresetInVirtualTime_IsOneForEachStream(Action<ResiliencePipelineBuilder<HttpResponseMessage>> preset) =>
        Assert.That(Twice(preset, new TestScheduler()), Has.Exactly(2).Items);

    [Test]
    public void For_Presets_AreNotEachOthers() =>
        Assert.That(Presets.SelectMany(preset => Twice(preset, DefaultScheduler.Instance)), Is.Unique.And.Exactly(4).Items);

    [TestCaseSource(nameof(Presets))]
    public void IsPreset_Preset_IsTrue(Action<ResiliencePipelineBuilder<HttpResponseMessage>> preset) =>
        Assert.That(Pipelines.IsPreset(preset), Is.True);

    [Test]
    public void IsPreset_WhatACallerBuilds_IsFalse() =>
        Assert.That(Pipelines.IsPreset(static builder => SseReconnection.Default(builder)), Is.False);

    [Test]
    public void For_WhatACallerBuilds_IsOneForEachStream()
    {
        int built = 0;

        Assert.That(Twice(_ => built++, DefaultScheduler.Instance), Has.Exactly(2).Items);
        Assert.That(built, Is.EqualTo(2));
    }

    [Test]
    public void TimeOf_RealTime_IsOneForAllStreams()
    {
        TimeProvider time = Pipelines.TimeOf(DefaultScheduler.Instance), virtualTime = Pipelines.TimeOf(new TestScheduler());

        Assert.That(time, Is.SameAs(Pipelines.TimeOf(DefaultScheduler.Instance)).And.Not.SameAs(virtualTime));
        Assert.That(virtualTime.GetUtcNow().Ticks, Is.Zero);
    }

    /// <summary>The pipelines of two streams.</summary>
    private static HashSet<ResiliencePipeline<HttpResponseMessage>> Twice(Action<ResiliencePipelineBuilder<HttpResponseMessage>> reconnection, IScheduler scheduler) =>
        [.. Enumerable.Range(0, 2).Select(_ => Pipelines.For(reconnection, Pipelines.TimeOf(scheduler)))];
}
