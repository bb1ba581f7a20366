using System.Net;
using System.Reactive.Linq;
using Microsoft.Extensions.Logging;
using Microsoft.Reactive.Testing;
using Polly;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;
using static Rx.Sse.Tests.Diagnostics.SecretStream;

namespace Rx.Sse.Tests.Diagnostics;

/// <summary>The messages of <c>SseOptions.Logger</c>, which contain no secrets.</summary>
internal sealed class LoggerTests
{
    [Test]
    public void Logger_WholeLife_IsLoggedWithoutSecrets()
    {
        var logger = new RecordingLogger();
        Run(new SseOptions { Logger = logger }, Life);

        Assert.That(logger.Lines, Is.EqualTo(new[]
        {
            $"1 Debug Connecting to http://{Host}/stream.",
            $"2 Information The event stream of http://{Host}/stream is open.",
            $"3 Warning The event stream of http://{Host}/stream is lost (SseConnectionException: IOException: "
                + "SocketException ConnectionReset). Attempt 1 follows in 3 s.",
            $"1 Debug Connecting to http://{Host}/stream.",
            $"3 Warning The event stream of http://{Host}/stream is lost (SseConnectionException: "
                + "HttpRequestException). Attempt 2 follows in 6 s.",
            $"1 Debug Connecting to http://{Host}/stream.",
            $"2 Information The event stream of http://{Host}/stream is open.",
            $"3 Warning The event stream of http://{Host}/stream is lost (SseEndOfStreamException). Attempt 1 follows "
                + "in 3 s.",
            $"1 Debug Connecting to http://{Host}/stream.",
            $"5 Error The event stream of http://{Host}/stream has failed (SseResponseException 401).",
        }));
    }

    [Test]
    public void Logger_CompletionAndDisposal_AreLogged()
    {
        var logger = new RecordingLogger();
        Run(new SseOptions { Logger = logger }, Respond(HttpStatusCode.NoContent));
        Run(new SseOptions { Logger = logger }, NeverAnswer());

        Assert.That(logger.Lines.Where(line => !line.StartsWith('1')), Is.EqualTo(new[]
        {
            $"4 Information The event stream of http://{Host}/stream is complete.",
            $"6 Debug The event stream of http://{Host}/stream was disposed of.",
        }));
    }

    [Test]
    public void Logger_IdThatIsNotSent_IsLogged()
    {
        var logger = new RecordingLogger();
        Run(
            new SseOptions { Logger = logger, LastEventId = "é" },
            Refuse(exception: new HttpRequestException("Request headers must contain only ASCII characters.")),
            Respond(HttpStatusCode.NoContent));

        Assert.That(logger.Lines, Has.One.StartsWith("7 Warning"));
    }

    [TestCase(null, "(unknown)")]
    [TestCase("stream?secret", "(relative)")]
    public void Logger_NoAddressYet_IsLoggedAsSuch(string? address, string told)
    {
        var logger = new RecordingLogger();
        using var client = new HttpClient(new SseTestServer(new TestScheduler()));
        using IDisposable subscription = Observable
            .FromSse(
                client,
                SseRequest.Create(() => new HttpRequestMessage(HttpMethod.Get, address)),
                new SseOptions { Logger = logger })
            .Subscribe(_ => { }, _ => { });

        Assert.That(logger.Lines, Is.EqualTo(new[]
        {
            $"1 Debug Connecting to {told}.",
            $"5 Error The event stream of {told} has failed (SseRequestException: InvalidOperationException).",
        }));
    }

    [Test]
    public void Logger_ExistingResponse_LogsItsAddress()
    {
        var logger = new RecordingLogger();
        using HttpClient client = new SseTestServer(new TestScheduler(), OpenStream().Close(Zero)).CreateClient();
        HttpResponseMessage response = client.GetAsync(SecretUrl, HttpCompletionOption.ResponseHeadersRead).Result;

        using IDisposable subscription = response.ToSseObservable(
            new SseOptions { Logger = logger }).Subscribe(_ => { });

        Assert.That(logger.Lines, Is.EqualTo(new[]
        {
            $"2 Information The event stream of http://{Host}/stream is open.",
            $"4 Information The event stream of http://{Host}/stream is complete.",
        }));
    }

    [Test]
    public void Logger_AttemptWithoutADelay_FollowsAtOnce()
    {
        var logger = new RecordingLogger();
        var reconnection = SseReconnection.Never with
        {
            ConfigureAttempt = static builder => builder.AddRetry(new() { MaxRetryAttempts = 1, Delay = Zero }),
        };
        Story.Begin(
            new SseOptions { Logger = logger, Reconnection = reconnection },
            Refuse(),
            Respond(HttpStatusCode.NoContent)).ToTheEnd();

        Assert.That(logger.Lines, Has.One.EndsWith("Attempt 1 follows in 0 s."));
    }

    private sealed class RecordingLogger : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState,
            Exception?,
            string> formatter) =>
            Lines.Add($"{eventId.Id} {logLevel} {formatter(state, exception)}{exception}");
    }
}
