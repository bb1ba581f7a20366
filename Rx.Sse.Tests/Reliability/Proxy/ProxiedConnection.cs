using System.Buffers;
using System.Net.Sockets;

namespace Rx.Sse.Tests.Reliability.Proxy;

/// <summary>A client's connection and the one to the server that belongs to it.</summary>
internal sealed class ProxiedConnection(
    Socket client, Socket server, FaultTrigger trigger, Action<Fault> onFault, CancellationToken disposal)
{
    private const int BufferSize = 8 * 1024;

    /// <summary>
    /// Between two bytes that drip. A client that is slower finds two at once; nothing depends on that.
    /// </summary>
    private static readonly TimeSpan DripInterval = TimeSpan.FromMilliseconds(1);

    /// <summary>What is not passed on before all of it is there.</summary>
    private readonly ArrayBufferWriter<byte> _heldBack = new();

    /// <summary>The fault under way, which the connection survives, and how many more bytes it concerns.</summary>
    private (Fault Fault, int Left)? _underWay;

    /// <summary>Runs until the client has left, or has been made to.</summary>
    public async Task RunAsync()
    {
        using CancellationTokenRegistration registration = disposal.Register(client.Reset);
        Task clientLeaves = ForwardRequestsAsync();
        FaultKind end;
        try
        {
            end = await ForwardResponsesAsync();
        }
        catch (Exception exception) when (exception.IsGone())
        {
            end = FaultKind.Reset;
        }

        if (end == FaultKind.Close)
            client.Finish();
        else if (end != FaultKind.Stall)
            client.Reset();
        await clientLeaves;
        client.Reset();
    }

    /// <summary>
    /// Carries the client's bytes until it leaves, even when the server has gone: who is to leave is not decided here.
    /// </summary>
    private async Task ForwardRequestsAsync()
    {
        byte[] buffer = new byte[BufferSize];
        try
        {
            for (int count; (count = await client.ReceiveAsync(buffer)) > 0;)
                await SendToServerAsync(buffer.AsMemory(0, count));
        }
        catch (Exception exception) when (exception.IsGone())
        {
            // A reset is a way of leaving.
        }

        server.Reset();
    }

    private async Task SendToServerAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await server.SendAllAsync(bytes);
        }
        catch (Exception exception) when (exception.IsGone())
        {
            // The other direction notices.
        }
    }

    /// <summary>Carries the server's bytes until a fault or the server ends it, and returns how.</summary>
    private async Task<FaultKind> ForwardResponsesAsync()
    {
        byte[] buffer = new byte[BufferSize];
        trigger.Next(isNewConnection: true);
        for (bool isStart = true; ; isStart = false)
        {
            int count = await server.ReceiveAsync(buffer);
            if (count == 0)
            {
                await ReleaseAsync();
                return FaultKind.Close;
            }

            if (isStart && trigger.IsDueAtStart() && await BeginAsync(trigger.Fault!))
                return trigger.Fault!.Kind;
            for (Memory<byte> rest = buffer.AsMemory(0, count); rest.Length > 0;)
            {
                if (_underWay is not null)
                {
                    rest = rest[await ForwardUnderFaultAsync(rest)..];
                    continue;
                }

                bool isDue = trigger.Reach(rest.Span, out int passed);
                await client.SendAllAsync(rest[..passed]);
                rest = rest[passed..];
                if (isDue && await BeginAsync(trigger.Fault!))
                    return trigger.Fault!.Kind;
            }
        }
    }

    /// <summary>Returns whether the fault ends the connection.</summary>
    private async Task<bool> BeginAsync(Fault fault)
    {
        if (fault.When is not null)
            await fault.When().WaitAsync(disposal);
        onFault(fault);
        if (!fault.Kind.IsCut())
            _underWay = (fault, fault.Length);
        return fault.Kind.IsCut();
    }

    /// <summary>Returns how many of the bytes the fault under way concerned.</summary>
    private async Task<int> ForwardUnderFaultAsync(ReadOnlyMemory<byte> bytes)
    {
        (Fault fault, int left) = _underWay!.Value;
        int count = Math.Min(left, bytes.Length);
        trigger.Pass(bytes[..count].Span);
        if (fault.Kind == FaultKind.HoldBack)
            _heldBack.Write(bytes[..count].Span);
        else
            await DripAsync(bytes[..count]);

        _underWay = (fault, left - count);
        if (left == count)
        {
            await ReleaseAsync();
            _underWay = null;
            trigger.Next(isNewConnection: false);
        }

        return count;
    }

    private async Task DripAsync(ReadOnlyMemory<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            await client.SendAllAsync(bytes.Slice(i, 1));
            await Task.Delay(DripInterval);
        }
    }

    private async Task ReleaseAsync()
    {
        await client.SendAllAsync(_heldBack.WrittenMemory);
        _heldBack.Clear();
    }
}
