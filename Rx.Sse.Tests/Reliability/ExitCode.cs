namespace Rx.Sse.Tests.Reliability;

internal static class ExitCode
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int BadArguments = 2;
}
