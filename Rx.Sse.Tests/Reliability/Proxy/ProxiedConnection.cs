using System.Buffers;
using System.Net.Sockets;

namespace Rx.Sse.Tests.Reliability.Proxy;

/// <summary>A connection from a client and the matching connection to the server.</summary>
internal sealed class ProxiedConnection(
    Socket client, Socket server, FaultTrigger trigger, Action<Fault> onFault, CancellationToken disposal)
{
    private const int BufferSize = 8 * 1024;

    /// <summary>
    /// The time between two dripped bytes. A slower client receives two at once; nothing depends on that.
    /// </summary>
    private static readonly TimeSpan DripInterval = TimeSpan.FromMilliseconds(1);

    /// <summary>Bytes that are not passed on until all of them have arrived.</summary>
    private readonly ArrayBufferWriter<byte> _heldBack = new();

    /// <summary>The current fault, which the connection survives, and how many more bytes it affects.</summary>
    private (Fault Fault, int Left)? _underWay;

    /// <summary>Runs until the client has disconnected, or has been disconnected.</summary>
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
    /// Forwards the client's bytes until it disconnects, even after the server has gone. This method does not decide
    /// which side disconnects.
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
            // The client may also disconnect with a reset.
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
            // The other direction handles this.
        }
    }

    /// <summary>
    /// Forwards the server's bytes until a fault or the server ends the connection, and returns how it ended.
    /// </summary>
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

    /// <summary>Starts the fault. Returns whether it ends the connection.</summary>
    private async Task<bool> BeginAsync(Fault fault)
    {
        if (fault.When is not null)
            await fault.When().WaitAsync(disposal);
        onFault(fault);
        if (!fault.Kind.IsCut())
            _underWay = (fault, fault.Length);
        return fault.Kind.IsCut();
    }

    /// <summary>Returns how many of the bytes the current fault affected.</summary>
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
