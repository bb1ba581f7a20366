using Rx.Sse.Testing;

namespace Rx.Sse.Tests.Golden;

/// <summary>Plays an act against a server that replays a recording.</summary>
internal sealed class ReplayRun(Act act, string recording) : StoryRun(act)
{
    protected override HttpClient CreateClient() =>
        new(SseTestServer.Replay(new StringReader(recording), Clock).Otherwise(SseTest.NeverAnswer()));

    /// <summary>In virtual time, everything has already happened when the clock has run.</summary>
    protected override void WaitForRest()
    {
    }

    /// <summary>Recordings do not contain everything that is traced about connections.</summary>
    protected override void LogConnections()
    {
    }
}
