using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging;

namespace Rx.Sse.Diagnostics;

/// <summary>What one subscription tells the logger, the meter and the traces. Called by its loop alone.</summary>
internal sealed class StreamDiagnostics(ILogger? logger, TimeProvider time)
{
    private readonly QuietLogger _logger = QuietLogger.Of(logger);

    /// <summary>Where the connection goes, once that is known. Made into text each time, for a stream that is idle should hold none.</summary>
    private Uri? _address;

    /// <summary>The connection that is being opened or open; null where nobody listens.</summary>
    private Activity? _connection;

    private long _eventsOfConnection;

    private bool _isOpen;

    /// <summary>When the present outage began; null while there is none.</summary>
    private long? _outageBegan;

    /// <summary>Somebody listens to activities.</summary>
    public static bool Listens => Instruments.Source.HasListeners();

    /// <summary>The dimension of all that is measured.</summary>
    private KeyValuePair<string, object?> Server => new("server.address", _address is { IsAbsoluteUri: true } ? _address.Host : null);

    /// <summary>Made only where it is logged: it takes longer than all else that is done here.</summary>
    private string SafeAddress => Safe.Address(_address);

    /// <summary>
    /// A connection is being opened. From now on its activity is the current one: to be called in an asynchronous method, at
    /// whose end everything is as it was for the caller.
    /// </summary>
    public void BeginConnection()
    {
        _eventsOfConnection = 0;
        _connection = Instruments.Source.StartActivity("sse.connection", ActivityKind.Client);
    }

    /// <summary>The address of the connection is known.</summary>
    public void Found(Uri? address)
    {
        _address = address;
        if (_connection is not { } connection)
            return;
        connection.SetTag("url.full", Safe.Address(address));
        if (address is { IsAbsoluteUri: true })
            connection.SetTag("server.address", address.Host).SetTag("server.port", address.Port);
    }

    public void Sending(Uri? address, bool lacksLastEventId)
    {
        Found(address);
        if (_logger.IsEnabled(LogLevel.Debug))
            Log.Connecting(_logger, SafeAddress);
        if (lacksLastEventId)
            Log.LastEventIdNotSent(_logger, SafeAddress);
    }

    public void Opened(HttpStatusCode status)
    {
        _isOpen = true;
        CountActive(1);
        _connection?.SetTag("http.response.status_code", (int)status);
        if (_logger.IsEnabled(LogLevel.Information))
            Log.Opened(_logger, SafeAddress);
        if (_outageBegan is { } began)
        {
            Instruments.OutageDuration.Record(time.GetElapsedTime(began).TotalSeconds, Server);
            _outageBegan = null;
        }
    }

    public void Received(int bytes, long events)
    {
        _eventsOfConnection += events;
        if (Instruments.Bytes.Enabled)
            Instruments.Bytes.Add(bytes, Server);
        if (events > 0 && Instruments.Events.Enabled)
            Instruments.Events.Add(events, Server);
    }

    /// <param name="failure">Why the connection ended or was not opened; null if it is not a failure.</param>
    public void EndConnection(Exception? failure)
    {
        if (_isOpen)
            CountActive(-1);
        _isOpen = false;

        if (_connection is not { } connection)
            return;
        connection.SetTag("rx.sse.event_count", _eventsOfConnection);
        if (failure is SseResponseException response)
            connection.SetTag("http.response.status_code", (int)response.StatusCode);
        if (failure is not null)
            connection.SetTag("error.type", failure.GetType().FullName).SetStatus(ActivityStatusCode.Error, Safe.Reason(failure));
        _connection = null;
        Stop(connection);
    }

    public void Disconnected(SseDisconnected disconnected)
    {
        _outageBegan ??= time.GetTimestamp();
        Instruments.Reconnects.Add(1, Server, new("error.type", disconnected.Reason.GetType().FullName));
        if (_logger.IsEnabled(LogLevel.Warning))
            Log.Disconnected(_logger, SafeAddress, Safe.Reason(disconnected.Reason), disconnected.Attempt, disconnected.Delay);
    }

    /// <param name="error">What the stream fails with; null if it completes.</param>
    public void Ended(Exception? error)
    {
        if (error is not null)
        {
            if (_logger.IsEnabled(LogLevel.Error))
                Log.Failed(_logger, SafeAddress, Safe.Reason(error));
        }
        else if (_logger.IsEnabled(LogLevel.Information))
        {
            Log.Completed(_logger, SafeAddress);
        }
    }

    public void Disposed()
    {
        if (_logger.IsEnabled(LogLevel.Debug))
            Log.Disposed(_logger, SafeAddress);
    }

    /// <summary>Stops an activity and leaves the current one alone, for it may be of another place than where this one was started.</summary>
    private static void Stop(Activity activity)
    {
        Activity? current = Activity.Current;
        activity.Stop();
        if (current != activity)
            Activity.Current = current;
    }

    private void CountActive(int more)
    {
        if (Instruments.ActiveConnections.Enabled)
            Instruments.ActiveConnections.Add(more, Server);
    }
}
