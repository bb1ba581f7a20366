
namespace Rx.Sse.Tests.Golden;

/// <summary>Each story is recorded, and the recording is replayed. The client cannot tell the difference.</summary>
internal sealed class ReplayTests
{
    /// <summary>An exception of a type that recordings do not support. It is replayed as another type.</summary>
    private const string UnknownException = "\n  Exception \"";

    /// <summary>Fragments are not recorded.</summary>
    private const string WithFragment = "with a fragment, which stays";

    /// <summary>The netstandard2.0 build does not support all exceptions of .NET's handlers.</summary>
    [Category("NotNetStandard")]
    [TestCaseSource(typeof(GoldenTrace), nameof(GoldenTrace.Cases))]
    public void Story_RecordedAndPlayed_LeavesTheSameTrace(GoldenStory story)
    {
        foreach (Act act in story.Acts.Where(act => act.SocketsOnly is null && act.Title != WithFragment))
        {
            using var recording = new StringWriter();
            IReadOnlyList<string> recorded = new VirtualRun(act, recording).Play();

            if (recording.ToString().Contains(UnknownException))
                continue;
            IReadOnlyList<string> played = new ReplayRun(act, recording.ToString()).Play();

            Assert.That(OfClient(played), Is.EqualTo(OfClient(recorded)), () => $"{act.Title}\n{recording}");
        }
    }

    /// <summary>Returns the trace without the server's lines.</summary>
    private static IEnumerable<string> OfClient(IEnumerable<string> trace) =>
        trace.Where(line => !line.Contains("  request ")
            && !line.TrimStart().StartsWith("connection", StringComparison.Ordinal));
}
