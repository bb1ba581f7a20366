using System.Net;
using System.Text;
using Microsoft.Reactive.Testing;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Streams;

/// <summary>Errors name the server's address, without secrets.</summary>
internal sealed class ErrorAddressTests
{
    private const string Secret = "secret";
    private const string Shown = "http://localhost/stream";

    private static readonly Uri Asked = new($"http://{Secret}:{Secret}@localhost/stream?token={Secret}#{Secret}");

    private static readonly SseOptions Options = new()
    {
        Reconnection = SseReconnection.Never,
        EndOfStream = SseEndOfStream.Fail,
        IdleTimeout = FromSeconds(10),
        MaxEventSize = 10,
    };

    private static IEnumerable<TestCaseData> Failures =>
    [
        Case("refused", Refuse(), typeof(SseConnectionException)),
        Case("timeout", Refuse(exception: new TaskCanceledException()), typeof(SseConnectionException)),
        Case("drop", OpenStream().Event(Zero, "a").Reset(FromSeconds(1)), typeof(SseConnectionException)),
        Case("end", OpenStream().Event(Zero, "a").Close(FromSeconds(1)), typeof(SseEndOfStreamException)),
        Case("no event", OpenStream().Send(Zero, "{}").Close(FromSeconds(1)), typeof(SseEndOfStreamException)),
        Case("silence", OpenStream(), typeof(SseIdleTimeoutException)),
        Case("limit", OpenStream().Event(Zero, "0123456789"), typeof(SseLimitException)),
        Case("status", Respond(HttpStatusCode.NotFound, "no"), typeof(SseResponseException)),
        Case("content type", OpenStream().WithContentType("text/plain").Close(Zero), typeof(SseResponseException)),
        Case("not sent", Refuse(exception: new NotSupportedException()), typeof(SseRequestException)),
        Case("unknown", Refuse(exception: new FormatException("odd")), typeof(SseException)),
    ];

    [TestCaseSource(nameof(Failures))]
    public void FromSse_Failure_NamesTheAddressWithoutSecrets(SseScript script, Type type)
    {
        Exception? error = Story.Begin(Asked, Options, script).ToTheEnd().Error;

        Assert.That(error, Is.TypeOf(type));
        Assert.That(((SseException)error!).Address, Is.EqualTo(new Uri(Shown)));
        Assert.That(error.Message, Does.Contain(Shown).And.Not.Contain(Secret));
        Assert.That(error.ToString(), Does.Contain(Shown).And.Not.Contain(Secret));
        Assert.That(error.Message.Split(Shown), Has.Length.EqualTo(2), "once");
    }

    [TestCaseSource(nameof(Failures))]
    public void FromSseSignals_Disconnected_NamesTheAddressWithoutSecrets(SseScript script, Type type)
    {
        var options = Options with
        {
            EndOfStream = null,
            Reconnection = Story.WithoutJitter with
            {
                MaxRetryAttempts = 1,
                ShouldHandle = args => new(args.Outcome.Exception is not null),
            },
        };
        var scheduler = new TestScheduler();
        using HttpClient client = Story.Serve(scheduler, script).CreateClient();
        var seen = new List<SseDisconnected>();

        using IDisposable subscription = SseObservable.FromSseSignals(client, Asked, options, scheduler)
            .Subscribe(signal => seen.AddRange(signal is SseDisconnected lost ? [lost] : []), _ => { });
        scheduler.AdvanceTo(FromMinutes(1).Ticks);

        // An event that is too large is not retried, because it would be as large again.
        if (type == typeof(SseLimitException))
            return;
        Assert.That(seen, Is.Not.Empty);
        Assert.That(seen[0].Reason, Is.TypeOf(type));
        Assert.That(seen[0].Reason.Address, Is.EqualTo(new Uri(Shown)));
        Assert.That(seen[0].ToString(), Does.Contain(Shown).And.Not.Contain(Secret));
    }

    /// <summary>Simulates a client that follows a redirect: the handler replaces the address of the message.</summary>
    [TestCase(HttpStatusCode.NotFound)]
    [TestCase(HttpStatusCode.OK)]
    public void FromSse_Redirected_NamesTheAddressThatAnswered(HttpStatusCode status)
    {
        using var client = new HttpClient(new Handler(request =>
        {
            request.RequestUri = new Uri($"http://other/path?token={Secret}");
            return Response(status, request);
        }));

        SseException error = ErrorOf(SseObservable.FromSse(client, Asked, Options));

        Assert.That(error.Address, Is.EqualTo(new Uri("http://other/path")));
        Assert.That(error.Message, Does.EndWith(" (http://other/path)").And.Not.Contain(Secret));
    }

    [Test]
    public void FromSse_ConnectFailsAfterARedirect_NamesTheAddressAsked()
    {
        using var client = new HttpClient(new Handler(request =>
        {
            request.RequestUri = new Uri("http://other/path");
            throw new HttpRequestException("refused");
        }));

        Assert.That(ErrorOf(SseObservable.FromSse(client, Asked, Options)).Address, Is.EqualTo(new Uri(Shown)));
    }

    /// <summary>Handlers in tests rarely set the request of a response.</summary>
    [Test]
    public void FromSse_ResponseWithoutRequest_NamesTheAddressAsked()
    {
        using var client = new HttpClient(new Handler(_ => new HttpResponseMessage(HttpStatusCode.NotFound)));

        Assert.That(ErrorOf(SseObservable.FromSse(client, Asked, Options)).Message, Does.EndWith($" ({Shown})"));
    }

    [Test]
    public void ToSseObservable_Response_NamesTheAddressThatAnswered()
    {
        using HttpResponseMessage response = Response(HttpStatusCode.OK, new HttpRequestMessage(HttpMethod.Get, Asked));

        SseException error = ErrorOf(response.ToSseObservable(Options));

        Assert.That(error, Is.TypeOf<SseEndOfStreamException>().With.Message.EndsWith($" ({Shown})"));
        Assert.That(error.Address, Is.EqualTo(new Uri(Shown)));
    }

    [Test]
    public void ToSseObservable_Stream_HasNoAddress()
    {
        SseException error = ErrorOf(new MemoryStream().ToSseObservable(Options));

        Assert.That(error.Address, Is.Null);
        Assert.That(error.Message, Is.EqualTo("The server ended the event stream."));
    }

    [Test]
    public void Address_SetInATest_IsReducedAndInTheMessage()
    {
        var error = new SseConnectionException("No luck.", new IOException()) { Address = Asked };

        Assert.That(error.Address, Is.EqualTo(new Uri(Shown)));
        Assert.That(error.Message, Is.EqualTo($"No luck. ({Shown})"));
        Assert.That(
            new SseException("No luck.") { Address = new Uri("/stream?a", UriKind.Relative) }.Message,
            Is.EqualTo("No luck."));
    }

    [TestCase("http://u:p@[::1]:8080/a%20b/?q#f", "http://[::1]:8080/a%20b/")]
    [TestCase("https://u@example.org?q=/a@b", "https://example.org/")]
    [TestCase("HTTPS://EXAMPLE.org:443/%2F?%3F", "https://example.org/%2F")]
    [TestCase("http://example.org/a@b:c;d=e", "http://example.org/a@b:c;d=e")]
    public void Address_AnyUri_HasSchemeHostPortAndPath(string address, string expected) =>
        Assert.That(new SseException("") { Address = new Uri(address) }.Address!.AbsoluteUri, Is.EqualTo(expected));

    private static TestCaseData Case(string name, SseScript script, Type type) =>
        new TestCaseData(script, type).SetArgDisplayNames(name);

    private static HttpResponseMessage Response(HttpStatusCode status, HttpRequestMessage request)
    {
        var content = new StringContent("", Encoding.UTF8, "text/event-stream");
        return new HttpResponseMessage(status) { Content = content, RequestMessage = request };
    }

    private static SseException ErrorOf(IObservable<SseEvent> events)
    {
        Exception? error = null;
        using IDisposable subscription = events.Subscribe(_ => { }, thrown => error = thrown);
        return (SseException)error!;
    }

    /// <summary>Responds synchronously.</summary>
    private sealed class Handler(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellation) => Task.FromResult(answer(request));
    }
}
