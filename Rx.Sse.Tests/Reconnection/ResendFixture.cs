using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Reconnection;

/// <summary>Streams of requests with any method.</summary>
internal abstract class ResendFixture
{
    protected static readonly SseResponseScript Open = OpenStream().Event(Zero, "a", id: "1");

    protected static Story Begin(string method, SseOptions options, params SseScript[] script) => Story.Begin(
        Request(method),
        options with { Reconnection = Story.WithoutJitter, IdleTimeout = FromSeconds(10) },
        script).Until(17);

    protected static SseRequest Request(string method) =>
        SseRequest.Create(() => new HttpRequestMessage(new HttpMethod(method), Story.Address));
}
