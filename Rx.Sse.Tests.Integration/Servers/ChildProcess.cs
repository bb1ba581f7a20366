using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Rx.Sse.Tests.Integration.Servers;

/// <summary>
/// A program that runs during the test and is killed at its end. Its output is kept for failure messages.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;

    /// <summary>Standard output and standard error, in the order in which they arrived, on two threads.</summary>
    private readonly StringBuilder _output = new();

    private bool _isDisposed;

    public ChildProcess(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public bool HasExited => _process.HasExited;

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Waits until the program ends, and returns its exit code.</summary>
    public async Task<int> ExitAsync(CancellationToken hang)
    {
        await _process.WaitForExitAsync(hang);
        return _process.ExitCode;
    }

    /// <summary>
    /// Kills the program and its child processes with SIGKILL: the workers of a server would keep its port open.
    /// </summary>
    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    /// <summary>Sends a signal to the program.</summary>
    public void Signal(UnixSignal signal) => Send(_process.Id, signal);

    /// <summary>Sends a signal to a process.</summary>
    public static void Send(int process, UnixSignal signal) =>
        Assert.That(SendSignal(process, (int)signal), Is.Zero, "the process is there");

    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        if (!HasExited)
            Kill();
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_output)
            _output.AppendLine(line);
    }
}
