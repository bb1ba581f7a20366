namespace Rx.Sse.Tests.Integration;

/// <summary>
/// Programs other than the .NET SDK that a few tests need, such as real servers and browsers. If one is missing, the
/// test is skipped, with the reason. If <c>RX_SSE_SKIP_NOTHING</c> is set, as in continuous integration, the test
/// fails.
/// </summary>
internal static class Prerequisite
{
    private const string SkipNothing = "RX_SSE_SKIP_NOTHING";

    /// <summary>
    /// Returns the full path of a program on <c>PATH</c>. Skips the running test if the program is missing.
    /// </summary>
    public static string PathOf(string program)
    {
        string? path = Find(program);
        if (path is null)
            Missing($"'{program}' is not on the PATH.");
        return path!;
    }

    /// <summary>Skips the running test, or fails it if skipping is not allowed.</summary>
    public static void Missing(string what)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(SkipNothing)))
            Assert.Ignore(what);
        else
            Assert.Fail($"{what} {SkipNothing} is set, so this is a failure.");
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Append("/usr/sbin")
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? $"{program}.exe" : program))
        .FirstOrDefault(File.Exists);
}
