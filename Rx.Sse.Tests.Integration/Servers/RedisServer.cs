using System.Diagnostics;
using Rx.Sse.Tests.Reliability;

namespace Rx.Sse.Tests.Integration.Servers;

/// <summary>
/// Debian's Redis. It writes each change to a file before it answers, and reads the file when it starts.
/// </summary>
internal sealed class RedisServer : IDisposable
{
    private readonly ServerProcess _process;

    public RedisServer(TempFolder folder)
    {
        string program = Prerequisite.PathOf("redis-server");
        int port = ReservedPorts.Next();
        Address = $"127.0.0.1:{port}";
        string[] arguments =
        [
            "--port", $"{port}", "--bind", "127.0.0.1", "--dir", folder.Path,
            "--appendonly", "yes", "--appendfsync", "always", "--save", "",
        ];
        _process = new ServerProcess(port, () => new ProcessStartInfo(program, arguments)).Start();
    }

    /// <summary>The host and the port.</summary>
    public string Address { get; }

    /// <summary>Kills Redis at any moment, and starts it again after a while.</summary>
    public async Task RestartAsync(TimeSpan downtime, CancellationToken hang)
    {
        _process.Kill();
        await Task.Delay(downtime, hang);
        _process.Start();
    }

    public void Dispose() => _process.Dispose();
}
