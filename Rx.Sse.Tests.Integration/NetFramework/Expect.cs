namespace Rx.Sse.Tests.Integration.NetFramework;

/// <summary>What checks need without a test framework: none that is up to date runs on Mono.</summary>
internal static class Expect
{
    public static void Equal<T>(T actual, T expected)
    {
        if (!Equals(actual, expected))
            throw new InvalidOperationException($"Expected '{expected}', but it is '{actual}'.");
    }

    public static void Sequence<T>(IEnumerable<T> actual, params T[] expected) =>
        Equal(string.Join("|", actual), string.Join("|", expected));

    /// <summary>Fails where the task takes longer; a hang must not be taken for success.</summary>
    public static async Task InTimeAsync(Task task, TimeSpan time)
    {
        if (await Task.WhenAny(task, Task.Delay(time)) != task)
            throw new TimeoutException($"Not done after {time}.");
        await task;
    }
}
