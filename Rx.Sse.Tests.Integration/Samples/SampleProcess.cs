using System.Diagnostics;
using System.Text;

namespace Rx.Sse.Tests.Integration.Samples;

/// <summary>The samples' program in a separate process with redirected output. Killed when disposed of.</summary>
internal sealed class SampleProcess : IDisposable
{
    private readonly Process _process;

    private SampleProcess(string program, IEnumerable<string> arguments) =>
        _process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,

            // The process runs only briefly, so collecting profiles takes longer than they save.
            Environment = { ["DOTNET_TieredPGO"] = "0" },
        })!;

    public int Id => _process.Id;

    public StreamWriter Input => _process.StandardInput;

    public StreamReader Output => _process.StandardOutput;

    public StreamReader Errors => _process.StandardError;

    /// <summary>
    /// Restores the default action for SIGINT, because a shell makes background processes and their children ignore it.
    /// </summary>
    private static string[] Launcher =>
        OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", "dotnet"] : ["dotnet"];

    public static SampleProcess Start(params string[] arguments) =>
        new(Launcher[0], [.. Launcher[1..], BuildOutput.Samples, .. arguments]);

    /// <summary>
    /// Starts the program on a new terminal. <see cref="Input"/> types, and <see cref="Output"/> reads both standard
    /// output and standard error. Skips the running test if the tool for this is missing. The arguments must not
    /// contain spaces or quotes.
    /// </summary>
    public static SampleProcess StartAtTerminal(params string[] arguments) =>
        new(
            Prerequisite.PathOf("script"),
            [
                "--quiet",
                "--return",
                "--command",
                $"exec {string.Join(' ', Launcher)} '{BuildOutput.Samples}' {string.Join(' ', arguments)}",
                "/dev/null",
            ]);

    /// <summary>Runs the program to its end, with empty input.</summary>
    public static async Task<SampleResult> RunAsync(string[] arguments, CancellationToken hang)
    {
        using var sample = Start(arguments);
        sample.Input.Close();
        return await sample.EndAsync(hang);
    }

    /// <summary>Reads the output until it contains that text.</summary>
    public async Task ReadUntilAsync(string text, CancellationToken hang)
    {
        string read = "";
        var next = new char[1];
        while (!read.EndsWith(text, StringComparison.Ordinal))
        {
            if (await Output.ReadAsync(next, hang) == 0)
                Assert.Fail($"The sample has ended without '{text}'. It said: {read}");
            read += next[0];
        }
    }

    /// <summary>Waits until the program ends, and reads both outputs.</summary>
    public async Task<SampleResult> EndAsync(CancellationToken hang)
    {
        Task<string> output = _process.StandardOutput.ReadToEndAsync(hang);
        string errors = await _process.StandardError.ReadToEndAsync(hang);
        return new SampleResult(await ExitCodeAsync(hang), await output, errors);
    }

    /// <summary>Waits until the program ends, without reading its outputs.</summary>
    public async Task<int> ExitCodeAsync(CancellationToken hang)
    {
        await _process.WaitForExitAsync(hang);
        return _process.ExitCode;
    }

    /// <summary>Sends SIGINT, as Ctrl-C does.</summary>
    public void Interrupt() => Process.Start("kill", ["-INT", $"{_process.Id}"]).WaitForExit();

    /// <summary>Kills the program at once, without a signal that it could handle.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }
}

/// <summary>The exit code of a sample, and what it has written to standard output and standard error.</summary>
internal sealed record SampleResult(int ExitCode, string Output, string Errors);
