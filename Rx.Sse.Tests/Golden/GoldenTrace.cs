namespace Rx.Sse.Tests.Golden;

/// <summary>Compares a story's trace with its file, or updates the file.</summary>
internal static class GoldenTrace
{
    /// <summary>The environment variable. If it is 1, traces are recorded instead of compared.</summary>
    public const string RecordVariable = "RX_SSE_RECORD";

    private static readonly Lock FileLock = new();

    public static IEnumerable<TestCaseData> Cases =>
        AllStories.Stories.Select(story =>
        {
            TestCaseData data = new TestCaseData(story).SetArgDisplayNames(story.Name);
            return story.Category is { } category ? data.SetCategory(category) : data;
        });

    /// <param name="story">The story.</param>
    /// <param name="update">Returns the file with the newly observed trace.</param>
    public static void Check(GoldenStory story, Func<TraceFile, TraceFile> update)
    {
        lock (FileLock)
        {
            string expected = TraceFile.ReadText(story), actual = update(TraceFile.Read(story)).ToString();
            if (expected == actual)
                return;
            if (Environment.GetEnvironmentVariable(RecordVariable) == "1")
            {
                Directory.CreateDirectory(TraceFile.Folder);
                File.WriteAllText(TraceFile.PathOf(story), actual);
                Assert.Fail($"Recorded {story.Name}.txt; look at the diff and run again.");
            }

            Assert.Fail(Describe(story, expected.Split('\n'), actual.Split('\n')));
        }
    }

    /// <summary>Returns the lines around the first difference.</summary>
    private static string Describe(GoldenStory story, string[] expected, string[] actual)
    {
        const int Before = 6, After = 4;
        int same = expected.Zip(actual).TakeWhile(pair => pair.First == pair.Second).Count();
        int start = Math.Max(0, same - Before);
        return string.Join(
            '\n',
            [
                $"{story.Name}.txt, line {same + 1}:",
                .. expected.Take(same).Skip(start).Select(line => $"    {line}"),
                .. expected.Skip(same).Take(After).Select(line => $"  - {line}"),
                .. actual.Skip(same).Take(After).Select(line => $"  + {line}"),
                "(- recorded, + now)",
            ]);
    }
}
