namespace Rx.Sse.Tests.Golden;

/// <summary>Each story in virtual time; see README.md in this folder.</summary>
internal sealed class VirtualTraceTests
{
    [TestCaseSource(typeof(GoldenTrace), nameof(GoldenTrace.Cases))]
    public void Story_InVirtualTime_LeavesItsTrace(GoldenStory story)
    {
        IReadOnlyList<string>?[] traces = [
            .. story.Acts.Select(act => act.SocketsOnly is null ? new VirtualRun(act).Play() : null)];

        GoldenTrace.Check(story, file => file.WithVirtual(traces));
    }

    [Test]
    public void Traces_AreThoseOfTheStories()
    {
        IEnumerable<string?> files = Directory.EnumerateFiles(TraceFile.Folder).Select(Path.GetFileName);

        Assert.That(files, Is.EquivalentTo(AllStories.Stories.Select(story => $"{story.Name}.txt")));
    }

    [TestCaseSource(typeof(GoldenTrace), nameof(GoldenTrace.Cases))]
    public void Story_DiffersBetweenVirtualAndSockets_SaysWhy(GoldenStory story)
    {
        TraceFile file = TraceFile.Read(story);

        string[] differing = [.. story.Acts.Where((_, i) => file.Differs(i)).Select(act => act.Title)];

        Assert.That(differing, Is.EqualTo(story.Acts.Where(act => act.Differs is not null).Select(act => act.Title)));
    }
}
