using System.Net;
using Polly;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Streams;

/// <summary>How streams end: by the policy, by failures, and by the end of the response.</summary>
internal sealed class EndingTests
{
    private static readonly SseResponseScript OneEvent = OpenStream().Event(Zero, "a");

    [Test]
    public void Never_StreamEnds_Completes()
    {
        Story story = Begin(SseReconnection.Never, null, OneEvent.Close(FromSeconds(1)));

        Assert.That(story.HasCompleted);
        Assert.That(story.EndTime, Is.EqualTo(1));
    }

    [Test]
    public void Never_StreamEndsDespiteEndOfStreamReconnect_Completes() =>
        Assert.That(
            Begin(SseReconnection.Never, SseEndOfStream.Reconnect, OneEvent.Close(FromSeconds(1))).HasCompleted);

    [Test]
    public void Never_ConnectionBreaks_Fails()
    {
        Story story = Begin(SseReconnection.Never, null, OneEvent.Reset(FromSeconds(1)));

        Assert.That(story.Error, Is.TypeOf<SseConnectionException>().With.InnerException.TypeOf<IOException>());
        Assert.That(story.EndTime, Is.EqualTo(1));
    }

    [Test]
    public void Never_ConnectionRefused_Fails()
    {
        Story story = Begin(SseReconnection.Never, null, Refuse());

        Assert.That(
            story.Error, Is.TypeOf<SseConnectionException>().With.InnerException.TypeOf<HttpRequestException>());
    }

    [Test]
    public void Never_TransientStatus_Fails() =>
        Assert.That(
            Begin(SseReconnection.Never, null, Respond(HttpStatusCode.ServiceUnavailable)).Error,
            Is.TypeOf<SseResponseException>());

    [Test]
    public void Complete_StreamEnds_Completes() =>
        Assert.That(Begin(Story.WithoutJitter, SseEndOfStream.Complete, OneEvent.Close(FromSeconds(1))).HasCompleted);

    [Test]
    public void Complete_ConnectionBreaks_Reconnects()
    {
        Story story = Begin(
            Story.WithoutJitter,
            SseEndOfStream.Complete,
            OneEvent.Reset(FromSeconds(1)),
            OneEvent.Close(FromSeconds(1)));

        Assert.That(story.Events, Is.EqualTo(new[] { (0.0, "a"), (4.0, "a") }));
        Assert.That(story.HasCompleted);
    }

    [Test]
    public void Fail_StreamEnds_Fails()
    {
        Story story = Begin(Story.WithoutJitter, SseEndOfStream.Fail, OneEvent.Close(FromSeconds(1)));

        Assert.That(story.Error, Is.TypeOf<SseEndOfStreamException>());
        Assert.That(story.EndTime, Is.EqualTo(1));
    }

    [Test]
    public void EventSource_NetworkErrorsAndEnds_AreRetried()
    {
        Story story = Story.Begin(
            new SseOptions { Reconnection = SseReconnection.Strict with { UseJitter = false } },
            Refuse(),
            OneEvent.Close(Zero),
            OneEvent.Reset(Zero),
            OpenStream()).Until(60);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 3, 6, 9 }));
    }

    [Test]
    public void EventSource_AnyOtherResponse_IsFinal([Values(404, 500, 503, 429)] int status) =>
        Assert.That(
            Begin(SseReconnection.Strict, null, Respond((HttpStatusCode)status)).Error,
            Is.TypeOf<SseResponseException>());

    /// <summary>Not with the netstandard2.0 build, where <see cref="HttpRequestException"/> has no status.</summary>
    [Test]
    [Category("NotNetStandard")]
    public void EventSource_StatusThatAHandlerThrows_IsFinal()
    {
        Story story = Begin(
            SseReconnection.Strict,
            null,
            Refuse(exception: HttpErrors.WithStatus(HttpStatusCode.NotFound, "no")));

        Assert.That(story.Server.Requests, Has.Count.EqualTo(1));
        Assert.That(story.Error, Is.TypeOf<SseConnectionException>());
    }

    [Test]
    public void Reconnect_PolicyThatDeclinesEnds_CompletesAlsoAfterFailures()
    {
        Story story = Story.Begin(
            new SseOptions
            {
                Reconnection = Story.WithoutJitter with
                {
                    ShouldHandle = args => new(args.Outcome.Exception is HttpRequestException),
                },
            },
            Refuse(),
            OpenStream().Close(FromSeconds(1))).ToTheEnd();

        Assert.That(story.HasCompleted);
        Assert.That(story.EndTime, Is.EqualTo(4));
    }

    [Test]
    public void FromSse_ContentWhoseDisposalThrows_MakesNoDifference()
    {
        Story story = Story.Begin(
            SseRequest.Create(() => new HttpRequestMessage(HttpMethod.Post, Story.Address) { Content = new Grenade() }),
            new SseOptions(),
            OneEvent.Close(FromSeconds(1))).ToTheEnd();

        Assert.That(story.HasCompleted);
    }

    [Test]
    public void MaxRetryAttempts_PolicyThatDeclinesTheEnd_CompletesAlsoAtTheLimit()
    {
        Story story = Story.Begin(
            new SseOptions
            {
                Reconnection = Story.WithoutJitter with
                {
                    MaxRetryAttempts = 2,
                    ShouldHandle = args => new(args.Outcome.Exception is SseResponseException),
                },
            },
            Respond(HttpStatusCode.ServiceUnavailable),
            Respond(HttpStatusCode.ServiceUnavailable),
            OpenStream().Close(Zero)).ToTheEnd();

        Assert.That(story.HasCompleted);
    }

    [Test]
    public void FromSse_NoAnswerWithinTheClientsTimeout_IsRetriedAndNamed()
    {
        Story story = Story.Begin(
            new SseOptions { Reconnection = Story.WithoutJitter with { MaxRetryAttempts = 1 } },
            Refuse(exception: new TaskCanceledException("timeout", new TimeoutException()))).ToTheEnd();

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 3 }));
        Assert.That(story.Error, Is.TypeOf<SseConnectionException>().With.InnerException.TypeOf<TimeoutException>());
    }

    [Test]
    public void FromSse_UnknownExceptionOfAHandler_IsFinal()
    {
        Story story = Begin(Story.WithoutJitter, null, Refuse(exception: new FormatException("odd")));

        Assert.That(
            story.Error,
            Is.TypeOf<SseException>()
                .With.Message.EqualTo("The stream failed: odd (http://localhost/stream)")
                .And.InnerException.TypeOf<FormatException>());
    }

    [Test]
    public void FromSse_MissingFile_IsFinal()
    {
        Story story = Begin(Story.WithoutJitter, null, Refuse(exception: new FileNotFoundException("client.pfx")));

        Assert.That(story.Error, Is.TypeOf<SseException>().With.InnerException.TypeOf<FileNotFoundException>());
    }

    [Test]
    public void FromSse_UnknownExceptionOfABody_IsADrop()
    {
        Story story = Begin(SseReconnection.Never, null, OneEvent.Reset(Zero, new FormatException("odd")));

        Assert.That(story.Error, Is.TypeOf<SseConnectionException>());
        Assert.That(story.Error!.InnerException!.InnerException, Is.TypeOf<FormatException>());
    }

    [Test]
    public void FromSse_PredicateThatThrowsOnAFailure_IsFinal()
    {
        Story story = Begin(
            Story.WithoutJitter with { ShouldHandle = _ => throw new FormatException("odd") },
            null,
            OneEvent.Reset(Zero));

        Assert.That(story.Error, Is.TypeOf<SseException>().With.InnerException.TypeOf<FormatException>());
        Assert.That(story.Events.Count(), Is.EqualTo(1));
    }

    [Test]
    public void FromSse_StrategyThatThrowsOnSuccess_ClosesTheConnection()
    {
        Story story = Begin(
            Story.WithoutJitter with
            {
                ConfigureOutage = builder => builder.AddFallback(new()
                {
                    ShouldHandle = _ => throw new FormatException("odd"),
                    FallbackAction = _ => new(Outcome.FromResult(new HttpResponseMessage())),
                }),
            },
            null,
            OpenStream());

        Assert.That(story.Error, Is.TypeOf<SseException>().With.InnerException.TypeOf<FormatException>());
    }

    private sealed class Grenade() : StringContent("{}")
    {
        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            throw new FormatException();
        }
    }

    private static Story Begin(SseReconnection reconnection, SseEndOfStream? endOfStream, params SseScript[] script) =>
        Closed(
            Story.Begin(new SseOptions { Reconnection = reconnection, EndOfStream = endOfStream }, script).ToTheEnd());

    private static Story Closed(Story story)
    {
        Assert.That(story.Server.OpenConnectionCount, Is.Zero);
        return story;
    }
}
