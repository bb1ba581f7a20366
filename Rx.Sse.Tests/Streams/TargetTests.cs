using System.Reactive;
using Rx.Sse.Streams;

namespace Rx.Sse.Tests.Streams;

/// <summary>What another thread's disposal does while the text of something large is being made.</summary>
internal sealed class TargetTests
{
    private readonly List<SseSignal> _received = [];

    [Test]
    public void OnEvent_StoppedMeanwhile_DeliversNothing()
    {
        IObserver<SseSignal> observer = Observer.Create<SseSignal>(_received.Add);
        var events = new EventTarget(observer);
        var signals = new SignalTarget(observer);

        Assert.That(events.OnEvent(Stopped(events), new SseUtf8Event("a"u8, default, new NoFields())), Is.False);
        Assert.That(signals.OnEvent(Stopped(signals), new SseUtf8Event("a"u8, default, new NoFields())), Is.False);
        signals.OnComment(Stopped(signals), "a"u8);

        Assert.That(_received, Is.Empty);
    }

    private static TargetDecoder<TTarget> Stopped<TTarget>(TTarget target)
        where TTarget : struct, ITarget
    {
        var decoder = new TargetDecoder<TTarget>(target, "", 100);
        decoder.Stop();
        return decoder;
    }

    private sealed class NoFields : SseUtf8Fields
    {
        protected override ReadOnlySpan<byte> KeptEvent => default;

        protected override ReadOnlySpan<byte> KeptId => default;

        public override ReadOnlySpan<byte> LastEventId => default;
    }
}
