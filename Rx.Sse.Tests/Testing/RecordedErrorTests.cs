using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Reactive.Testing;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Testing;

/// <summary>The exceptions of .NET's handlers, which recordings support.</summary>
[Category("NotNetStandard")]
internal sealed class RecordedErrorTests
{
    private static IEnumerable<Exception> Errors { get; } =
    [
        new HttpRequestException("request", new IOException("a \"b\"\nc")),
        new HttpIOException(HttpRequestError.ResponseEnded, "read"),
        new HttpRequestException(HttpRequestError.NameResolutionError, "name", new SocketException(11001, "host")),
        new TaskCanceledException("canceled", new TimeoutException("timeout")),
        new OperationCanceledException("canceled"),
        new EndOfStreamException("end"),
        new AuthenticationException("certificate"),
        new WebException("web", null, WebExceptionStatus.ConnectFailure, null),
        new InvalidOperationException("invalid"),
        new NotSupportedException("not supported"),
        new ObjectDisposedException("stream"),
        new FileNotFoundException("file"),
    ];

    /// <summary>The behaviour of a stream depends on the types, and its error texts depend on the messages.</summary>
    [TestCaseSource(nameof(Errors))]
    public void Error_RecordedAndPlayed_IsTheSame(Exception error)
    {
        var scheduler = new TestScheduler();
        using var recording = new StringWriter();
        var server = new SseTestServer(scheduler, Refuse(Zero, error));
        using var client = new HttpClient(new SseRecorder(recording, scheduler) { InnerHandler = server });
        Task<HttpResponseMessage> recorded = client.GetAsync("http://localhost/");
        SseTestServer replay = SseTestServer.Replay(new StringReader(recording.ToString()), scheduler);

        Task<HttpResponseMessage> played = replay.CreateClient().GetAsync("/");

        Assert.That(Describe(Failure(played)), Is.EqualTo(Describe(Failure(recorded))));

        static Exception Failure(Task task) => Assert.Catch(() => task.GetAwaiter().GetResult())!;

        static string Describe(Exception? error) => error is null ? "" : string.Join(
            '|',
            error.GetType(),
            error.Message,
            (error as HttpRequestException)?.HttpRequestError,
            (error as SocketException)?.SocketErrorCode,
            (error as WebException)?.Status,
            Describe(error.InnerException));
    }
}
