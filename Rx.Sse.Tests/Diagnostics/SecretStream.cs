using System.Net;
using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Diagnostics;

/// <summary>A stream whose address, events and responses contain secrets.</summary>
internal static class SecretStream
{
    public const string Host = "diagnostics.test";
    public const string SecretUrl = $"http://user:password@{Host}/stream?token=secret#secret";

    /// <summary>
    /// A stream that goes through every state: an open connection, a drop, a refusal, and a response that ends it.
    /// </summary>
    public static readonly SseScript[] Life =
    [
        OpenStream().Send(FromSeconds(1), "id: secret\ndata: secret\n\n: secret\n\ndata: secret\n\n")
            .Reset(FromSeconds(2)),
        Refuse(exception: new HttpRequestException("secret")),
        OpenStream().Event(FromSeconds(1), "secret").Close(FromSeconds(1)),
        Respond(HttpStatusCode.Unauthorized, "secret", "text/secret", [("X-Secret", "secret")]),
    ];

    public static void Run(SseOptions options, params SseScript[] script)
    {
        var scheduler = new TestScheduler();
        using HttpClient client = Story.Serve(scheduler, script).CreateClient();
        using IDisposable subscription = Observable
            .FromSse(client, SecretUrl, options with { Reconnection = Story.WithoutJitter }, scheduler)
            .Subscribe(_ => { }, _ => { });
        scheduler.AdvanceTo(FromMinutes(1).Ticks);
    }

    public static void AssertNoSecret(string text) =>
        Assert.That(text, Does.Not.Contain("secret").IgnoreCase.And.Not.Contain("password").And.Not.Contain("user"));
}
