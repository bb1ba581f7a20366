using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Rx.Sse.Tests.Integration.Servers;

/// <summary>
/// A program that runs beside the test, and never longer. What it prints is kept for failure messages.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;

    /// <summary>Both of its outputs, as they came, on two threads.</summary>
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

    /// <summary>Waits for its end, and gives its exit code.</summary>
    public async Task<int> ExitAsync(CancellationToken hang)
    {
        await _process.WaitForExitAsync(hang);
        return _process.ExitCode;
    }

    /// <summary>SIGKILL, to its own children as well: a server's workers would keep its port.</summary>
    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    /// <summary>Asks it for what that signal means to it.</summary>
    public void Signal(UnixSignal signal) => Send(_process.Id, signal);

    /// <summary>Asks a process for what that signal means to it.</summary>
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
