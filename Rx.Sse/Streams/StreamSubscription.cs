using Polly;
using Rx.Sse.Http;
using Rx.Sse.Scheduling;

namespace Rx.Sse.Streams;

/// <summary>
/// A subscription to <c>FromSse</c>. Each connection is opened by an <see cref="Outage"/>, including the first one;
/// when it ends, the next outage follows, until the stream ends or the subscription is disposed.
/// </summary>
internal sealed class StreamSubscription : Subscription, IRequestListener
{
    /// <summary>The time after which an open connection ends the run of failures, also without an event.</summary>
    private static readonly TimeSpan StableConnection = TimeSpan.FromSeconds(30);

    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    /// <summary>The signals of <c>ReconnectWhen</c>; null if it is not set.</summary>
    private readonly ReconnectSignals? _reconnectSignals;

    private long _openedAt;

    public StreamSubscription(SseStream stream, ObserverSink sink)
        : base(sink, stream.Options, stream.Scheduler, stream.Time)
    {
        _pipeline = stream.Pipeline;
        Connector = new SseConnector(stream.Client, stream.Request, Options, Time, listener: this);
        if (Options.ReconnectWhen is not null)
            _reconnectSignals = new ReconnectSignals(Time, Fail);
    }

    public SseConnector Connector { get; }

    /// <summary>Gets the number of connections that were opened so far.</summary>
    public int ConnectionCount { get; set; }

    /// <summary>Gets the number of failures in a row that another attempt has followed.</summary>
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

        // After the delivery, because the activity that this starts must not be current while the observer runs.
        bool lacksLastEventId =
            Options.SendLastEventId && lastEventId.Length == 0 && Sink.LastEventId.Text.Length > 0;
        Diagnostics.Sending(address, lacksLastEventId);
    }

    protected override async Task<ConnectResult> OpenAsync(Exception? loss)
    {
        if (loss is null)
            _reconnectSignals?.Subscribe(Options.ReconnectWhen!);
        if (Disposal.IsCancellationRequested)
            return default;
        ResilienceContext context = ResilienceContextPool.Shared.Get(Disposal);
        var outage = new Outage(this, _reconnectSignals, context, loss);
        ConnectResult result = await outage.RunAsync(_pipeline).ConfigureAwait(false);
        ResilienceContextPool.Shared.Return(context);
        return result;
    }

    protected override void Close(HttpResponseMessage response) => Connector.Close(response);

    protected override CancellationToken BeginReading()
    {
        _openedAt = Time.GetTimestamp();
        if (_reconnectSignals is null)
            return Disposal;
        _reconnectSignals.Clear();
        return Connector.MayConnectAgain ? _reconnectSignals.BeginInterruptible(Disposal) : Disposal;
    }

    protected override bool OnConnectionEnded(ref Exception? end)
    {
        _reconnectSignals?.EndInterruptible();
        if (Sink.EventCount > 0 || Time.GetElapsedTime(_openedAt) >= StableConnection)
            FailureCount = 0;
        if (end is null && !IsStopping && _reconnectSignals is not null && _reconnectSignals.Take())
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

    protected override void Release() => _reconnectSignals?.Dispose();
}
