using System.Collections.Concurrent;
using System.Globalization;
using Rx.Sse.Samples.FanOut.Redis;
using Rx.Sse.Tests.Integration.Servers;
using StackExchange.Redis;

namespace Rx.Sse.Tests.Integration.Samples.Scaling;

/// <summary>Relays of one upstream that share a Redis, each in a separate process.</summary>
internal sealed class RelayProcesses(Uri upstream, RedisServer redis, TimeSpan lease) : IAsyncDisposable
{
    /// <summary>The relays by the addresses of their event streams.</summary>
    private readonly ConcurrentDictionary<Uri, SampleProcess> _relays = new();
    private readonly ConnectionMultiplexer _redis = ConnectionMultiplexer.Connect(redis.Address);
    private readonly string _name = RedisLogStream.NameOf(upstream);

    /// <summary>The addresses of the relays that have not been killed.</summary>
    public IReadOnlyList<Uri> Addresses => [.. _relays.Keys];

    public async Task<Uri> StartOneAsync(CancellationToken hang)
    {
        string seconds = lease.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        var process = SampleProcess.Start(
            "fan-out", "--upstream", $"{upstream}", "--redis", redis.Address, "--lease", seconds, "--port", "0");
        string? line = await process.Output.ReadLineAsync(hang);
        Assert.That(line, Does.StartWith("Open "));
        var events = new Uri(new Uri(line!.Split(' ')[1]), "events");
        _relays[events] = process;
        _ = ReportAsync(process);
        return events;
    }

    /// <summary>Waits until one of the relays reads the upstream, and returns its address.</summary>
    public async Task<Uri> LeaderAsync(CancellationToken hang)
    {
        while (true)
        {
            string? id = await OwnerAsync();
            foreach ((Uri address, SampleProcess relay) in _relays)
            {
                if (id == $"{relay.Id}")
                    return address;
            }

            await Task.Delay(50, hang);
        }
    }

    /// <summary>Kills a relay with SIGKILL.</summary>
    public void Kill(Uri relay)
    {
        if (_relays.TryRemove(relay, out SampleProcess? process))
            process.Dispose();
    }

    /// <summary>Pauses a relay for a while, as if its machine were suspended.</summary>
    public async Task PauseAsync(Uri relay, TimeSpan time, CancellationToken hang)
    {
        ChildProcess.Send(_relays[relay].Id, UnixSignal.Stop);
        await Task.Delay(time, hang);
        ChildProcess.Send(_relays[relay].Id, UnixSignal.Continue);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (SampleProcess relay in _relays.Values)
            relay.Dispose();
        await _redis.DisposeAsync();
    }

    /// <summary>Writes the messages of a relay to the output of the test.</summary>
    private static async Task ReportAsync(SampleProcess process)
    {
        int id = process.Id;
        while (await process.Errors.ReadLineAsync() is { } line)
            TestContext.Progress.WriteLine($"{DateTime.Now:ss.fff} relay {id}: {line}");
    }

    /// <summary>Returns the process ID of the relay that reads the upstream; null if there is none.</summary>
    private async Task<string?> OwnerAsync()
    {
        try
        {
            return ((string?)await _redis.GetDatabase().StringGetAsync(RedisLogStream.LeaseKey(_name)))?.Split('/')[1];
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return null;
        }
    }
}
