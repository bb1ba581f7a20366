using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Rx.Sse.Tests.Integration.Servers;

/// <summary>
/// A server that nobody here wrote, on a port of this machine, where it can be killed, stopped and started again.
/// </summary>
/// <param name="port">Where it listens once it is up.</param>
/// <param name="start">Its program, arguments and folder, anew for every start.</param>
internal sealed class ServerProcess(int port, Func<ProcessStartInfo> start) : IDisposable
{
    /// <summary>
    /// Far more than any server needs to start or end, also where a framework loads hundreds of files on a busy
    /// machine.
    /// The tests have a limit of their own for all they do.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private ChildProcess? _process;

    public string Url { get; } = $"http://127.0.0.1:{port}";

    private ChildProcess Running => _process ?? throw new InvalidOperationException("The server has not been started.");

    /// <summary>Starts it, and returns when it takes connections.</summary>
    public ServerProcess Start()
    {
        _process?.Dispose();
        _process = new ChildProcess(start());
        Wait("starts", () => _process.HasExited || Listens());
        if (_process.HasExited)
            Fail("starts");
        return this;
    }

    /// <summary>Ends it from one moment to the next, in the middle of whatever it does.</summary>
    public void Kill()
    {
        Running.Kill();

        // The kernel closes the sockets of a killed worker in its own time.
        Wait("is killed", () => !Listens());
    }

    /// <summary>Asks it to end, and returns when it has.</summary>
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

    /// <summary>Nobody tells when another process has come so far; all one can do is look, again and again.</summary>
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
