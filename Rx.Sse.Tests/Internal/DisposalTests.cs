using System.Reactive.Disposables;
using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Rx.Sse.Tests.Scripted;

namespace Rx.Sse.Tests.Internal;

/// <summary>Whoever leaves, at whatever moment, leaves nothing behind and hears nothing more.</summary>
internal sealed class DisposalTests
{
    private static readonly Answer Ticking = Answer.Stream.Sends(1, "data: a\n\ndata: b\n\n").Sends(2, "data: c\n\n");

    [Test]
    public void Dispose_WhileConnecting_LeavesNothing()
    {
        Story story = Story.Begin(Answer.Never).Until(1);

        AssertLeavesNothing(story);
    }

    [Test]
    public void Dispose_WhileReading_LeavesNothing()
    {
        Story story = Story.Begin(Ticking).Until(1.5);

        AssertLeavesNothing(story);
        Assert.That(story.Events.Count(), Is.EqualTo(2));
    }

    [Test]
    public void Dispose_WhileWaiting_LeavesNothing()
    {
        Story story = Story.Begin(Answer.Refused).Until(1);

        AssertLeavesNothing(story);
        Assert.That(story.Server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public void Dispose_WhileReadingAnErrorBody_LeavesNothing()
    {
        Story story = Story.Begin(Answer.Stream.OfType("text/plain")).Until(1);

        AssertLeavesNothing(story);
    }

    [Test]
    public void Dispose_Twice_IsTheSameAsOnce()
    {
        Story story = Story.Begin(Ticking).Until(1.5);

        story.Subscription.Dispose();
        Assert.That(story.Subscription.Dispose, Throws.Nothing);
    }

    [Test]
    public void Dispose_AfterTheEnd_DoesNothing()
    {
        Story story = Story.Begin(Answer.Response(204)).ToTheEnd();

        Assert.That(story.Subscription.Dispose, Throws.Nothing);
        Assert.That(story.Observer.Messages, Has.Count.EqualTo(1));
    }

    [Test]
    public void Dispose_WithinOnNext_IsTheLastThatIsHeard()
    {
        var scheduler = new TestScheduler();
        var server = new ScriptedServer(scheduler, Ticking);
        using var client = new HttpClient(server);
        var subscription = new SingleAssignmentDisposable();
        var received = new List<string>();

        subscription.Disposable = Observable.FromSse(client, Story.Url, null, scheduler).Subscribe(e =>
        {
            received.Add(e.Data);
            subscription.Dispose();
        });
        scheduler.Start();

        Assert.That(received, Is.EqualTo(new[] { "a" }));
        Assert.That(server.Open, Is.Zero);
        Assert.That(scheduler.Clock, Is.EqualTo(TimeSpan.FromSeconds(2).Ticks), "the script's last second");
    }

    [Test]
    public void Dispose_WithinOnNextDuringSubscribe_IsTheLastThatIsHeard()
    {
        var scheduler = new TestScheduler();
        var server = new ScriptedServer(scheduler, Answer.Stream.Sends(0, "data: a\n\ndata: b\n\n"));
        using var client = new HttpClient(server);

        var received = new List<string>();
        using IDisposable subscription = Observable.FromSse(client, Story.Url, null, scheduler).Select(e => e.Data).Take(1).Subscribe(received.Add);

        Assert.That(received, Is.EqualTo(new[] { "a" }));
        Assert.That(server.Open, Is.Zero);
    }

    [Test]
    public void Take_OfABodyThatIsThereAndNeverEnds_Returns()
    {
        using var client = new HttpClient(new EndlessServer());

        List<string> received = [];
        using IDisposable subscription = Observable.FromSse(client, Story.Url).Select(e => e.Data).Take(3).Subscribe(received.Add);

        Assert.That(received, Is.EqualTo(new[] { "a", "a", "a" }));
    }

    internal static void AssertLeavesNothing(Story story)
    {
        double now = story.Now;
        int messages = story.Observer.Messages.Count;

        story.Subscription.Dispose();

        Assert.That(story.Server.Open, Is.Zero, "open connections");
        story.Server.ForgetScript();
        story.ToTheEnd();
        Assert.That(story.Now, Is.EqualTo(now), "nothing is scheduled");
        Assert.That(story.Observer.Messages, Has.Count.EqualTo(messages), "nothing is delivered");
    }

    /// <summary>Every read of its responses brings an event at once.</summary>
    private sealed class EndlessServer : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage
            {
                Content = new StreamContent(new EndlessStream()) { Headers = { { "Content-Type", "text/event-stream" } } },
            });
    }

    private sealed class EndlessStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            new(Copy(buffer.Span));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            Task.FromResult(Copy(buffer.AsSpan(offset, count)));

        private static int Copy(Span<byte> buffer)
        {
            ReadOnlySpan<byte> bytes = "data: a\n\n"u8;
            bytes = bytes[..Math.Min(bytes.Length, buffer.Length)];
            bytes.CopyTo(buffer);
            return bytes.Length;
        }
    }
}
