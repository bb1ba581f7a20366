using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Rx.Sse.Tests.Reliability.Proxy;

/// <summary>
/// A TCP proxy that forwards HTTP in both directions and injects faults into connections according to a plan.
/// </summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private const int Backlog = 100;

    private static readonly TimeSpan BetweenAttemptsToListen = TimeSpan.FromMilliseconds(10);

    private readonly IPEndPoint _target;
    private readonly FaultPlan _plan;
    private readonly bool _http2;
    private readonly ConcurrentDictionary<Task, bool> _connections = new();

    /// <summary>Not disposed of, because it holds no resources.</summary>
    private readonly CancellationTokenSource _disposal = new();

    private readonly Lock _lock = new();
    private readonly IPEndPoint _endPoint = new(IPAddress.Loopback, ReservedPorts.Next());

    /// <summary>The number of connections so far.</summary>
    private int _accepted;

    /// <summary>Null while connections are refused.</summary>
    private Socket? _listener;

    /// <summary>Starts listening.</summary>
    /// <param name="target">The address of the server, on this machine.</param>
    /// <param name="plan">Which faults to inject.</param>
    /// <param name="http2">Whether the connections use HTTP/2 instead of HTTP/1.1.</param>
    public FaultProxy(Uri target, FaultPlan plan, bool http2 = false)
    {
        _target = new IPEndPoint(IPAddress.Loopback, target.Port);
        _plan = plan;
        _http2 = http2;
        if (!TryListen())
            throw new IOException($"Somebody else has taken port {_endPoint.Port}.");
        Url = new UriBuilder(target) { Port = _endPoint.Port }.Uri;
    }

    public Uri Url { get; }

    /// <summary>The faults that have happened, each with all the places that applied.</summary>
    public Tally<(FaultKind Kind, FaultPlace Place)> Injected { get; init; } = new();

    /// <summary>Accepts connections again, after <see cref="FaultKind.Refuse"/>.</summary>
    public async Task ListenAsync()
    {
        // If the system's port range is wider than usual, another program may have taken the port in the meantime.
        while (!TryListen())
            await Task.Delay(BetweenAttemptsToListen, _disposal.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        await _disposal.CancelAsync();
        StopListening();
        await Task.WhenAll(_connections.Keys);
    }

    private bool TryListen()
    {
        Socket listener;
        lock (_lock)
        {
            if (_listener is not null || _disposal.IsCancellationRequested)
                return true;
            listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                listener.Bind(_endPoint);
                listener.Listen(Backlog);
                _listener = listener;
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                listener.Dispose();
                return false;
            }
        }

        _ = AcceptAsync(listener);
        return true;
    }

    /// <summary>Does nothing if there has been another connection since.</summary>
    private bool TryStopListening(int connection)
    {
        lock (_lock)
        {
            if (connection != _accepted)
                return false;
            StopListening();
            return true;
        }
    }

    private void StopListening()
    {
        lock (_lock)
        {
            _listener?.Dispose();
            _listener = null;
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                Socket client = await listener.AcceptAsync();
                if (TryCount(listener, out int number))
                    Track(ServeAsync(client, number));
                else
                    client.Reset();
            }
        }
        catch (Exception exception) when (exception.IsGone())
        {
            // The proxy has stopped listening.
        }
    }

    /// <summary>Returns false if the proxy stopped listening just as the connection arrived.</summary>
    private bool TryCount(Socket listener, out int number)
    {
        lock (_lock)
        {
            number = ++_accepted;
            return _listener == listener;
        }
    }

    private void Track(Task connection)
    {
        _connections.TryAdd(connection, true);
        connection.ContinueWith(task => _connections.TryRemove(task, out _), TaskScheduler.Default);
    }

    private async Task ServeAsync(Socket client, int number)
    {
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            client.NoDelay = true;
            await server.ConnectAsync(_target, _disposal.Token);
        }
        catch (Exception exception) when (exception.IsGone())
        {
            client.Reset();
            server.Dispose();
            return;
        }

        ResponseScanner scanner = _http2 ? new Http2Scanner() : new Http1Scanner();
        await new ProxiedConnection(
            client, server, new FaultTrigger(scanner, _plan), OnFault, _disposal.Token).RunAsync();

        void OnFault(Fault fault)
        {
            // If the client has already left this connection for a newer one, the connection is only reset.
            bool refuses = fault.Kind == FaultKind.Refuse && TryStopListening(number);
            Injected.Add((fault.Kind == FaultKind.Refuse && !refuses ? FaultKind.Reset : fault.Kind, scanner.Place));
            fault.Then?.Invoke();
        }
    }
}
