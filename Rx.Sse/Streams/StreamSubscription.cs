using Polly;
using Rx.Sse.Http;
using Rx.Sse.Scheduling;

namespace Rx.Sse.Streams;

/// <summary>
/// A subscription to a stream: an outage that opens a connection, the connection, the next outage, and so on until the
/// stream ends or the subscriber disposes.
/// </summary>
internal sealed class StreamSubscription : Subscription, IRequestListener
{
    /// <summary>The time after which an open connection ends the run of failures, even without an event.</summary>
    private static readonly TimeSpan StableConnection = TimeSpan.FromSeconds(30);

    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    /// <summary>Null without <c>ReconnectWhen</c>.</summary>
    private readonly ReconnectRequests? _requests;

    /// <summary>The time when the current connection was opened.</summary>
    private long _openedAt;

    public StreamSubscription(SseStream stream, ObserverSink sink)
        : base(sink, stream.Options, stream.Scheduler, stream.Time)
    {
        _pipeline = stream.Pipeline;
        Connector = stream.NewConnector(this);
        if (Options.ReconnectWhen is not null)
            _requests = new ReconnectRequests(Time, Fail);
    }

    public SseConnector Connector { get; }

    /// <summary>The connections that were opened so far.</summary>
    public int ConnectionCount { get; set; }

    /// <summary>The failures in a row that were followed by another attempt.</summary>
    public int FailureCount { get; set; }

    protected override bool ReconnectsAtEnd =>
        EndOfStream == SseEndOfStream.Reconnect && Connector.MayConnectAgain;

    private SseEndOfStream EndOfStream =>
        Options.EndOfStream ?? (Connector.HasSafeMethod ? SseEndOfStream.Reconnect : SseEndOfStream.Complete);

    public void OnDisconnected(SseDisconnected disconnected)
    {
        Diagnostics.Disconnected(disconnected);
        Deliver(disconnected);
    }

    void IRequestListener.OnSending(Uri? address, string lastEventId)
    {
        Connection.Connecting(address);
        if (Sink.WantsSignals)
            Deliver(new SseConnecting { Address = address, LastEventId = lastEventId });

        // Comes last, because the activity that it starts is not the observer's.
        bool lacksLastEventId =
            Options.SendLastEventId && lastEventId.Length == 0 && Sink.LastEventId.Text.Length > 0;
        Diagnostics.Sending(address, lacksLastEventId);
    }

    protected override async Task<ConnectResult> OpenAsync(Exception? loss)
    {
        if (loss is null)
            _requests?.Subscribe(Options.ReconnectWhen!);
        if (Disposal.IsCancellationRequested)
            return default;
        ResilienceContext context = ResilienceContextPool.Shared.Get(Disposal);
        var outage = new Outage(this, _requests, context, loss);
        ConnectResult result = await outage.RunAsync(_pipeline).ConfigureAwait(false);
        ResilienceContextPool.Shared.Return(context);
        return result;
    }

    protected override void Close(HttpResponseMessage response) => Connector.Close(response);

    protected override CancellationToken BeginReading()
    {
        _openedAt = Time.GetTimestamp();
        if (_requests is null)
            return Disposal;
        _requests.Fulfil();
        return Connector.MayConnectAgain ? _requests.Begin(Disposal) : Disposal;
    }

    protected override bool IsOver(ref Exception? end)
    {
        _requests?.End();
        if (Sink.EventCount > 0 || Time.GetElapsedTime(_openedAt) >= StableConnection)
            FailureCount = 0;
        if (end is null && !IsStopping && _requests is not null && _requests.Take())
            end = new SseReconnectRequestedException();
        switch (end)
        {
            case null or SseLimitException:
                return true;
            case SseReconnectRequestedException:
                return false;
            case SseEndOfStreamException when EndOfStream == SseEndOfStream.Complete:
                end = null;
                return true;
            case SseEndOfStreamException when EndOfStream == SseEndOfStream.Fail:
                return true;
            case { } failure when !Connector.MayConnectAgain:
                end = Outage.NotSentAgain(failure);
                return true;
            default:
                return false;
        }
    }

    protected override void Release() => _requests?.Dispose();
}
