using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Subjects;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Reconnection;

/// <summary>Streams with a source of signals. Each test uses a new instance.</summary>
internal abstract class ReconnectWhenFixture
{
    protected static readonly SseResponseScript Open = OpenStream().Event(Zero, "a", id: "1");

    protected Subject<Unit> Signals { get; } = new();

    protected SseOptions Options => new() { Reconnection = Story.WithoutJitter, ReconnectWhen = Signals };

    protected Story Begin(params SseScript[] script) => Begin(Options, script);

    protected static Story Begin(SseOptions options, params SseScript[] script) => Story.Begin(options, script);

    /// <summary>Schedules signals at the given seconds.</summary>
    protected void Signal(Story story, params double[] times)
    {
        foreach (double time in times)
            story.Scheduler.Schedule(FromSeconds(time), () => Signals.OnNext(Unit.Default));
    }
}
