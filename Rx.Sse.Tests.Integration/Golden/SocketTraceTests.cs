using Rx.Sse.Tests.Golden;

namespace Rx.Sse.Tests.Integration.Golden;

/// <summary>Each story over real sockets; see the README.md of Rx.Sse.Tests/Golden.</summary>
internal sealed class SocketTraceTests
{
    [TestCaseSource(typeof(GoldenTrace), nameof(GoldenTrace.Cases))]
    public void Story_OverSockets_LeavesItsTrace(GoldenStory story)
    {
        IReadOnlyList<string>?[] traces = [.. story.Acts.Select(act => act.VirtualOnly is null ? Play(act) : null)];

        GoldenTrace.Check(story, file => file.WithSockets(traces));
    }

    private static IReadOnlyList<string> Play(Act act)
    {
        using var run = new SocketRun(act);
        return run.Play();
    }
}
