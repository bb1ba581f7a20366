using Rx.Sse.Testing;

namespace Rx.Sse.Tests.Golden;

/// <summary>Plays an act with a server that plays a recording.</summary>
internal sealed class ReplayRun(Act act, string recording) : StoryRun(act)
{
    protected override HttpClient CreateClient() =>
        new(SseTestServer.Replay(new StringReader(recording), Clock).Otherwise(SseTest.NeverAnswer()));

    /// <summary>In virtual time everything has happened when the clock has run.</summary>
    protected override void WaitForRest()
    {
    }

    /// <summary>The recording does not have all that is traced of connections.</summary>
    protected override void LogConnections()
    {
    }
}
