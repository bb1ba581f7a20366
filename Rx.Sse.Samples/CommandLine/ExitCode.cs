namespace Rx.Sse.Samples;

/// <summary>The exit codes of the samples.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int BadArguments = 2;

    /// <summary>128 plus the number of SIGINT, as in shells.</summary>
    public const int Interrupted = 130;
}
