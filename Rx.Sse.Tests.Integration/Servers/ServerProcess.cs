using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Rx.Sse.Tests.Integration.Servers;

/// <summary>A third-party server on a port of this machine, which can be killed, stopped and started again.</summary>
/// <param name="port">The port on which the server listens.</param>
/// <param name="start">Returns the program, the arguments and the folder of the server, for each start.</param>
internal sealed class ServerProcess(int port, Func<ProcessStartInfo> start) : IDisposable
{
    /// <summary>
    /// Far more than any server needs to start or stop, even if a framework loads hundreds of files on a busy machine.
    /// The tests have a separate time limit for the whole test.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private ChildProcess? _process;

    public string Url { get; } = $"http://127.0.0.1:{port}";

    private ChildProcess Running => _process ?? throw new InvalidOperationException("The server has not been started.");

    /// <summary>Starts the server, and returns when it accepts connections.</summary>
    public ServerProcess Start()
    {
        _process?.Dispose();
        _process = new ChildProcess(start());
        Wait("starts", () => _process.HasExited || Listens());
        if (_process.HasExited)
            Fail("starts");
        return this;
    }

    /// <summary>Kills the server immediately, whatever it is doing.</summary>
    public void Kill()
    {
        Running.Kill();

        // The kernel may close the sockets of a killed worker later.
        Wait("is killed", () => !Listens());
    }

    /// <summary>Asks the server to stop, and returns when it has stopped.</summary>
    public void Stop(UnixSignal signal)
    {
        Signal(signal);
        Wait("stops", () => Running.HasExited);
    }

    public void Signal(UnixSignal signal) => Running.Signal(signal);

    public void Dispose()
    {
        if (_process is null)
            return;
        _process.Dispose();
        if (_process.Output.Length > 0)
            TestContext.Out.WriteLine($"What the server at {Url} printed:\n{_process.Output}");
    }

    /// <summary>Polls until the condition is true, because other processes do not report their state.</summary>
    private void Wait(string what, Func<bool> condition)
    {
        if (!SpinWait.SpinUntil(condition, Patience))
            Fail(what);
    }

    private void Fail(string what)
    {
        Running.Dispose();
        Assert.Fail($"The server at {Url} is not as it should be when it {what}. It printed:\n{Running.Output}");
    }

    private bool Listens()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
