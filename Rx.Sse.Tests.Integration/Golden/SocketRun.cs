using System.Net;
using System.Net.Sockets;
using Rx.Sse.Tests.Golden;

namespace Rx.Sse.Tests.Integration.Golden;

/// <summary>
/// Plays an act over real sockets, with .NET's own handler, but in virtual time. The library runs only on the thread of
/// the run: <see cref="Gate"/> hands it the responses there, and <see cref="PumpedStream"/> the bytes. The clock
/// advances only when there is no activity on the sockets, so the trace does not depend on the machine's speed.
/// </summary>
internal sealed class SocketRun : StoryRun, IDisposable
{
    /// <summary>Far longer than anything takes here. It expires only if a test hangs.</summary>
    public static readonly TimeSpan HangGuard = TimeSpan.FromSeconds(30);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Lock _lock = new();

    /// <summary>
    /// Set by other threads when they have done something that the run may wait for. Not disposed of, because they may
    /// still set it after the run.
    /// </summary>
    private readonly AutoResetEvent _changed = new(false);

    private readonly List<SocketConnection> _connections = [];
    private readonly Gate _gate;
    private int _answered;

    public SocketRun(Act act)
        : base(act)
    {
        _listener.Start();
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ActivityHeadersPropagator = null,
            ConnectCallback = ConnectAsync,

            // The timeout runs in real time. Without a limit, a trace shows on every machine each connection that was
            // not closed at once.
            ResponseDrainTimeout = Timeout.InfiniteTimeSpan,
        };
        act.Handler?.Invoke(handler);
        _gate = new Gate(handler, () => Connections.Length, () => _changed.Set());
    }

    /// <summary>All connections so far, in the order in which they were opened or refused.</summary>
    private SocketConnection[] Connections
    {
        get
        {
            lock (_lock)
                return [.. _connections];
        }
    }

    public void Dispose()
    {
        foreach (SocketConnection connection in Connections)
            connection.Dispose();
        _gate.Dispose();
        _listener.Dispose();
    }

    protected override HttpClient CreateClient() => new(_gate, disposeHandler: false);

    protected override void WaitForRest()
    {
        while (true)
        {
            if (_gate.HandOver() || Connections.Any(Move))
                continue;
            if (IsAtRest())
                return;
            if (!_changed.WaitOne(HangGuard))
            {
                string trace = string.Join(Environment.NewLine, Log.Lines);
                throw new TimeoutException($"Nothing moves any more.{Environment.NewLine}{trace}");
            }
        }
    }

    protected override void LogConnections()
    {
        int number = 0;
        foreach (SocketConnection connection in Connections.Where(connection => connection.Answer is not null))
            Log.AddConnection(++number, connection.Opened, connection.Closed, connection.ClosedBy);
    }

    /// <summary>Performs the next action on that connection. Returns false if there is none.</summary>
    private bool Move(SocketConnection connection)
    {
        if (connection.IsNew)
        {
            if (connection.ReadRequest() is { } request)
            {
                Log.Add("request", request);
                connection.Begin(NextAnswer(), Settle);
            }

            return true;
        }

        return connection.Pump();
    }

    /// <summary>
    /// Whether all connections wait for the server, and the library does, too. While it waits for a response, one of
    /// the connections that the handler has opened since the request must be waiting.
    /// </summary>
    private bool IsAtRest() =>
        Connections.All(connection => connection.IsWaiting || connection.IsOver)
        && (_gate.ConnectionsBefore is not { } before
            || Connections.Skip(before).Any(connection => connection.IsWaiting));

    private Answer NextAnswer() => Act.Answers[Math.Min(_answered++, Act.Answers.Length - 1)];

    /// <summary>Opens a connection for the handler, on one of the handler's threads.</summary>
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        if (Act.Answers[Math.Min(_answered, Act.Answers.Length - 1)].IsRefusal)
        {
            lock (_lock)
                _connections.Add(SocketConnection.Refused(NextAnswer(), Clock));
            await ConnectToNobodyAsync(cancellation).ConfigureAwait(false);
        }

        var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(_listener.LocalEndpoint, cancellation).ConfigureAwait(false);
        Socket server = await _listener.AcceptSocketAsync(cancellation).ConfigureAwait(false);
        var connection = new SocketConnection(client, server, Clock, () => _changed.Set());
        lock (_lock)
            _connections.Add(connection);
        _changed.Set();
        return connection.ClientStream!;
    }

    /// <summary>
    /// Connects to a port without a listener. The port is bound, so that no other program listens on it.
    /// </summary>
    private static async Task ConnectToNobodyAsync(CancellationToken cancellation)
    {
        using var nobody = new Socket(SocketType.Stream, ProtocolType.Tcp);
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(nobody.LocalEndPoint!, cancellation).ConfigureAwait(false);
    }
}
