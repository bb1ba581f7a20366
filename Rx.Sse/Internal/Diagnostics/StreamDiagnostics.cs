using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging;

namespace Rx.Sse.Internal.Diagnostics;

/// <summary>What one subscription tells the logger, the meter and the traces. Called by its loop alone.</summary>
internal sealed class StreamDiagnostics(ILogger log, TimeProvider time)
{
    private readonly QuietLogger _logger = new(log);

    private string _address = "(unknown)";
    private KeyValuePair<string, object?> _server = new("server.address", null);

    /// <summary>The connection that is being opened or open; null where nobody listens.</summary>
    private Activity? _connection;

    private long _eventsOfConnection;

    private bool _isOpen;

    /// <summary>When the present outage began; null while there is none.</summary>
    private long? _outageBegan;

    public void BeginConnection()
    {
        _eventsOfConnection = 0;
        _connection = Instruments.Source.StartActivity("sse.connection", ActivityKind.Client);
    }

    /// <summary>The address of the connection is known.</summary>
    public void Found(Uri? address)
    {
        _address = Safe.Address(address);
        if (address is { IsAbsoluteUri: true })
        {
            _server = new("server.address", address.Host);
            _connection?.SetTag("server.address", address.Host).SetTag("server.port", address.Port);
        }

        _connection?.SetTag("url.full", _address);
    }

    public void Sending(Uri? address, bool lacksLastEventId)
    {
        Found(address);
        Log.Connecting(_logger, _address);
        if (lacksLastEventId)
            Log.LastEventIdNotSent(_logger, _address);
    }

    public void Opened(HttpStatusCode status)
    {
        _isOpen = true;
        Instruments.ActiveConnections.Add(1, _server);
        _connection?.SetTag("http.response.status_code", (int)status);
        Log.Opened(_logger, _address);
        if (_outageBegan is { } began)
        {
            Instruments.OutageDuration.Record(time.GetElapsedTime(began).TotalSeconds, _server);
            _outageBegan = null;
        }
    }

    public void Received(int bytes, long events)
    {
        _eventsOfConnection += events;
        Instruments.Bytes.Add(bytes, _server);
        if (events > 0)
            Instruments.Events.Add(events, _server);
    }

    /// <param name="failure">Why the connection ended or was not opened; null if it is not a failure.</param>
    public void EndConnection(Exception? failure)
    {
        if (_isOpen)
            Instruments.ActiveConnections.Add(-1, _server);
        _isOpen = false;

        if (_connection is not { } connection)
            return;
        connection.SetTag("rx.sse.event_count", _eventsOfConnection);
        if (failure is SseResponseException response)
            connection.SetTag("http.response.status_code", (int)response.StatusCode);
        if (failure is not null)
            connection.SetTag("error.type", failure.GetType().FullName).SetStatus(ActivityStatusCode.Error, Safe.Reason(failure));
        connection.Stop();
        _connection = null;
    }

    public void Disconnected(SseDisconnected disconnected)
    {
        _outageBegan ??= time.GetTimestamp();
        Instruments.Reconnects.Add(1, _server, new("error.type", disconnected.Reason.GetType().FullName));
        if (_logger.IsEnabled(LogLevel.Warning))
            Log.Disconnected(_logger, _address, Safe.Reason(disconnected.Reason), disconnected.Attempt, disconnected.Delay);
    }

    /// <param name="error">What the stream fails with; null if it completes.</param>
    public void Ended(Exception? error)
    {
        if (error is null)
            Log.Completed(_logger, _address);
        else if (_logger.IsEnabled(LogLevel.Error))
            Log.Failed(_logger, _address, Safe.Reason(error));
    }

    public void Disposed() => Log.Disposed(_logger, _address);
}
