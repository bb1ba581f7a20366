using System.Reactive;
using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Rx.Sse.Testing;
using Rx.Sse.Tests.Golden;

namespace Rx.Sse.Tests.Integration.Servers;

/// <summary>A client whose connections are recorded, so that they can be replayed in virtual time.</summary>
internal sealed class RecordedClient : IDisposable
{
    private readonly StringWriter _recording = new();

    public RecordedClient() => Http = new(new SseRecorder(_recording) { InnerHandler = Delivery.NewHandler() });

    public HttpClient Http { get; }

    public void Dispose()
    {
        Http.Dispose();
        _recording.Dispose();
    }

    /// <summary>Replays the recording, and asserts that the stream has the same signals again.</summary>
    /// <param name="signals">The signals of the stream when it was recorded.</param>
    /// <param name="url">The address that the stream requests.</param>
    /// <param name="options">The options of the stream.</param>
    public void AssertPlays(IList<SseSignal> signals, string url, SseOptions options)
    {
        Http.Dispose();
        var scheduler = new TestScheduler();
        using var recording = new StringReader(_recording.ToString());
        SseTestServer server = SseTestServer.Replay(recording, scheduler);
        List<SseSignal> played = [];

        Observable.FromSseSignals(server.CreateClient(), url, options, scheduler)
            .Take(signals.Count)
            .Subscribe(played.Add);
        scheduler.Start();

        Assert.That(played.Select(TextOf), Is.EqualTo(signals.Select(TextOf)));
        Assert.That(server.UnservedScripts, Is.Empty);
    }

    private static string TextOf(SseSignal signal)
    {
        (string kind, string text) = TraceText.OfNotification(signal);
        string message = signal is SseDisconnected { Reason.Message: var reason } ? $" {reason}" : "";

        // The netstandard2.0 build replays this exception as its base type.
        text = text.Replace(nameof(HttpIOException), nameof(IOException), StringComparison.Ordinal);
        return $"{kind} {text}{message}";
    }
}
