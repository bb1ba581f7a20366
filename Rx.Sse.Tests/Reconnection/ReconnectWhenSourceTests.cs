using System.Net;
using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Reconnection;

/// <summary>The source of <c>SseOptions.ReconnectWhen</c>: its subscription, errors and completion.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ReconnectWhenSourceTests : ReconnectWhenFixture
{
    private static readonly IObservable<Unit>[] FailingSources =
    [
        Observable.Throw<Unit>(new FormatException("mine")),
        Observable.Create<Unit>((Func<IObserver<Unit>, IDisposable>)(_ => throw new FormatException("mine"))),
        new ThrowingSource(),
    ];

    [Test]
    public void Source_WhoseDisposalThrows_StillLetsTheStreamEnd()
    {
        IObservable<Unit> source = Observable.Create<Unit>(_ =>
            Disposable.Create(() => throw new FormatException("mine")));
        Story story = Begin(Options with { ReconnectWhen = source }, Respond(HttpStatusCode.NoContent));

        Assert.That(() => story.ToTheEnd(), Throws.TypeOf<FormatException>());
        Assert.That(story.HasCompleted);
    }

    [Test]
    public void Error_AtAnyTime_EndsTheStream([Values(0.5, 1.5)] double time)
    {
        Story story = Begin(Refuse(FromSeconds(1)), OpenStream().Event(Zero, "a"));
        story.Scheduler.Schedule(FromSeconds(time), () => Signals.OnError(new FormatException("mine")));

        story.ToTheEnd();

        Assert.That(story.Error, Is.TypeOf<SseException>().With.InnerException.TypeOf<FormatException>());
        Assert.That(story.EndTime, Is.EqualTo(time));
        Assert.That(story.Server.OpenConnectionCount, Is.Zero);
    }

    [Test]
    public void Error_WhileOpen_EndsTheStream()
    {
        Story story = Begin(Open);
        story.Scheduler.Schedule(FromSeconds(5), () => Signals.OnError(new FormatException("mine")));

        story.ToTheEnd();

        Assert.That(story.Error, Is.TypeOf<SseException>().With.InnerException.TypeOf<FormatException>());
        Assert.That(story.EndTime, Is.EqualTo(5));
        Assert.That(story.Server.OpenConnectionCount, Is.Zero);
    }

    [TestCaseSource(nameof(FailingSources))]
    public void Error_OnSubscription_EndsTheStreamWithoutARequest(IObservable<Unit> source)
    {
        Story story = Begin(Options with { ReconnectWhen = source }, Open).ToTheEnd();

        Assert.That(story.Error, Is.TypeOf<SseException>().With.InnerException.TypeOf<FormatException>());
        Assert.That(story.Server.Requests, Is.Empty);
    }

    [Test]
    public void Completion_MeansNoMoreSignals()
    {
        Story story = Begin(Refuse(), Open);
        Signals.OnCompleted();

        Assert.That(story.Until(10).RequestTimes, Is.EqualTo(new[] { 0.0, 3 }));
    }

    [Test]
    public void Subscription_IsOneForEachAndEndsWithIt()
    {
        int subscriptions = 0, disposals = 0;
        IObservable<Unit> source = Observable.Create<Unit>(_ =>
        {
            subscriptions++;
            return Disposable.Create(() => disposals++);
        });
        Story left = Begin(Options with { ReconnectWhen = source }, Refuse(), Open);
        left.Until(10);
        Assert.That((subscriptions, disposals), Is.EqualTo((1, 0)));
        left.Subscription.Dispose();
        Assert.That((subscriptions, disposals), Is.EqualTo((1, 1)));

        Begin(Options with { ReconnectWhen = source }, Respond(HttpStatusCode.NoContent)).ToTheEnd();
        Assert.That((subscriptions, disposals), Is.EqualTo((2, 2)));
    }

    /// <summary>A source that is not of Rx, which would catch the exception.</summary>
    private sealed class ThrowingSource : IObservable<Unit>
    {
        public IDisposable Subscribe(IObserver<Unit> observer) => throw new FormatException("mine");
    }
}
