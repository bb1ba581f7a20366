namespace Rx.Sse.Tests.Integration.NetFramework;

/// <summary>Assertions for the checks, which use no test framework because no current one runs on Mono.</summary>
internal static class Expect
{
    public static void Equal<T>(T actual, T expected)
    {
        if (!Equals(actual, expected))
            throw new InvalidOperationException($"Expected '{expected}', but it is '{actual}'.");
    }

    public static void Sequence<T>(IEnumerable<T> actual, params T[] expected) =>
        Equal(string.Join("|", actual), string.Join("|", expected));

    /// <summary>Fails if the task takes longer, so that a hang is not mistaken for success.</summary>
    public static async Task InTimeAsync(Task task, TimeSpan time)
    {
        if (await Task.WhenAny(task, Task.Delay(time)) != task)
            throw new TimeoutException($"Not done after {time}.");
        await task;
    }
}
