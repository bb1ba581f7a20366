namespace Rx.Sse.Samples;

/// <summary>A sample: what to type, what it shows, and what it does with the arguments that follow its name.</summary>
internal sealed record Sample(string Name, string Summary, Func<string[], CancellationToken, Task<int>> RunAsync);

internal static class ExitCode
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int BadArguments = 2;
}
