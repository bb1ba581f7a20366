using System.Diagnostics;

namespace Rx.Sse.Benchmarks;

/// <summary>Starts this program in a separate process.</summary>
internal static class OwnProcess
{
    public static Process Start(params string[] arguments) => Process.Start(
        new ProcessStartInfo(Environment.ProcessPath!, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

    /// <summary>Runs this program to its end, and returns its output.</summary>
    public static string Run(params string[] arguments)
    {
        using Process process = Start(arguments);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException(
            $"'{string.Join(' ', arguments)}' has failed.");
    }
}
