using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.Logging;

namespace Rx.Sse.Diagnostics;

/// <summary>
/// The diagnostics of one subscription: log messages, measurements and activities. Called on the thread of the
/// subscription's loop.
/// </summary>
internal sealed class StreamDiagnostics(ILogger? logger, TimeProvider time)
{
    private Uri? _address;

    /// <summary>The activity of the request that is waiting for its response; null without a listener.</summary>
    private Activity? _connectActivity;

    /// <summary>Whether the open connection was counted as active, which needs a listener at that time.</summary>
    private bool _isCountedAsActive;

    /// <summary>
    /// The time when the connection was opened or, while none is open, the outage was reported; null before that.
    /// </summary>
    private long? _openedOrLostAt;

    /// <summary>Sets the address of an existing response, for which there is no request.</summary>
    public void SetAddress(Uri? address) => _address = address;

    /// <summary>
    /// Called right before a request is sent. Makes its activity the current one. Must be called within an asynchronous
    /// method, because its return restores the previous activity.
    /// </summary>
    public void Sending(Uri? address, bool lacksLastEventId)
    {
        _address = address;
        Write(LogLevel.Debug, Log.Connecting);
        if (lacksLastEventId)
            Write(LogLevel.Warning, Log.LastEventIdNotSent);

        if (_connectActivity is not null)
            Activity.Current = _connectActivity; // The same attempt again, without its last event ID.
        else if (Instruments.Source?.HasListeners() == true)
        {
            _connectActivity = Quiet.Get(this, static self => self.CreateActivity());
            Quiet.Run(_connectActivity, static activity => activity?.Start());
        }
    }

    /// <summary>Called when the headers have arrived, or the attempt has failed.</summary>
    /// <param name="status">The status of the response; null if none was accepted.</param>
    /// <param name="failure">The reason why the attempt failed; null if it did not.</param>
    public void Answered(HttpStatusCode? status, Exception? failure)
    {
        if (_connectActivity is not { } activity)
            return;
        _connectActivity = null;

        // A null value adds no tag.
        activity.SetTag("http.response.status_code", (int?)(status ?? (failure as SseResponseException)?.StatusCode));
        if (failure is not null)
        {
            activity.SetTag("error.type", Safe.ErrorType(failure));
            activity.SetStatus(ActivityStatusCode.Error, Safe.Reason(failure));
        }

        // Stopping an activity sets Activity.Current to what was current at its start, which may belong to other code.
        Activity? current = Activity.Current;
        Quiet.Run(activity, static activity => activity.Stop());
        Activity.Current = current;
    }

    public void Opened()
    {
        _isCountedAsActive = Instruments.ActiveConnections is { Enabled: true };
        if (_isCountedAsActive)
            CountActive(1);
        Write(LogLevel.Information, Log.Opened);
        Record(Instruments.OutageDuration);
        _openedOrLostAt = time.GetTimestamp();
    }

    public void Received(int bytes, long events)
    {
        if (Instruments.Bytes is { Enabled: true } byteCounter)
            Add(byteCounter, bytes);
        if (events > 0 && Instruments.Events is { Enabled: true } eventCounter)
            Add(eventCounter, events);
    }

    /// <param name="failure">The reason why the connection ended; null if it is not a failure.</param>
    public void Closed(Exception? failure)
    {
        if (_isCountedAsActive)
            CountActive(-1);
        Record(Instruments.ConnectionDuration, failure);
        _openedOrLostAt = null;
    }

    public void Disconnected(SseDisconnected disconnected)
    {
        _openedOrLostAt ??= time.GetTimestamp();
        Add(Instruments.Reconnects, 1, disconnected.Reason);

        // A null delay means that the attempt follows at once.
        double delay = Math.Round((disconnected.Delay ?? default).TotalSeconds, 3);
        Write(LogLevel.Warning, (logger, address) =>
            Log.Disconnected(logger, address, Safe.Reason(disconnected.Reason), disconnected.Attempt, delay));
    }

    /// <param name="error">The error that the stream fails with; null if it completes.</param>
    public void Ended(Exception? error)
    {
        if (error is null)
            Write(LogLevel.Information, Log.Completed);
        else
            Write(LogLevel.Error, (logger, address) => Log.Failed(logger, address, Safe.Reason(error)));
    }

    public void Disposed() => Write(LogLevel.Debug, Log.Disposed);

    private void Write(LogLevel level, Action<ILogger, string> write)
    {
        if (logger is null)
            return;
        Quiet.Run((logger, level, write, _address), static s =>
        {
            if (s.logger.IsEnabled(s.level))
                s.write(s.logger, Safe.Address(s._address));
        });
    }

    private void Add(Counter<long>? counter, long value, Exception? failure = null) => Measure(
        (counter, value),
        static (s, tags) => s.counter?.Add(s.value, tags),
        static s => s.counter?.Add(s.value),
        failure);

    private void CountActive(int change) => Measure(
        change,
        static (change, tags) => Instruments.ActiveConnections?.Add(change, tags),
        static change => Instruments.ActiveConnections?.Add(change));

    private void Record(Histogram<double>? histogram, Exception? failure = null)
    {
        if (_openedOrLostAt is not { } since)
            return;
        Measure(
            (histogram, seconds: time.GetElapsedTime(since).TotalSeconds),
            static (s, tags) => s.histogram?.Record(s.seconds, tags),
            static s => s.histogram?.Record(s.seconds),
            failure);
    }

    /// <summary>
    /// Measures with or without tags. On .NET Framework, System.Diagnostics.DiagnosticSource 8 drops a value whose list
    /// of tags is empty.
    /// </summary>
    private void Measure<TState>(
        TState state, Action<TState, TagList> withTags, Action<TState> withoutTags, Exception? failure = null) =>
        Quiet.Run((self: this, state, withTags, withoutTags, failure), static s =>
        {
            TagList tags = s.self.Tags(s.failure);
            if (tags.Count > 0)
                s.withTags(s.state, tags);
            else
                s.withoutTags(s.state);
        });

    private Activity? CreateActivity()
    {
        TagList tags = Tags();
        if (tags.Count > 0)
            tags.Add("url.full", Safe.Address(_address));
        return Instruments.Source?.CreateActivity("sse.connect", ActivityKind.Client, default(ActivityContext), tags);
    }

    /// <summary>Returns tags for the server, if it is known, and the failure, if there is one.</summary>
    private TagList Tags(Exception? failure = null)
    {
        TagList tags = default;
        if (_address is { IsAbsoluteUri: true, Port: >= 0 })
        {
            tags.Add("server.address", _address.IdnHost);
            tags.Add("server.port", _address.Port);
        }

        if (failure is not null)
            tags.Add("error.type", Safe.ErrorType(failure));
        return tags;
    }
}
