using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Rx.Sse.Streams;

namespace Rx.Sse;

/// <summary>Provides methods that create observables of Server-Sent Events.</summary>
/// <remarks>
/// <c>FromSse</c> and <c>FromSseSignals</c> extend Rx's <see cref="Observable"/>: with C# 14 or later, call
/// <c>Observable.FromSse(client, url)</c>. With older compilers and other languages, call
/// <c>SseObservable.FromSse(client, url)</c>.
/// </remarks>
public static partial class SseObservable
{
    extension(Observable)
    {
        /// <summary>
        /// Returns a cold observable of the events of an event stream, which reconnects after failures.
        /// </summary>
        /// <remarks>
        /// <para><b>Cold.</b> Every subscription opens a separate connection, with a separate last event ID and
        /// reconnection time. Use <c>Publish().RefCount()</c> to share one.</para>
        /// <para><b>Order and threads.</b> Subscribing sends the request at once and does not wait. Events are
        /// delivered one at a time, synchronously, on the thread that read them. While an observer is busy, nothing is
        /// read and nothing is queued, so that a slow observer slows down the server.</para>
        /// <para><b>Reconnecting.</b> After a failure, the stream waits and connects again, as
        /// <see cref="SseOptions.Reconnection"/> specifies, and sends the ID of the last event in
        /// <c>Last-Event-ID</c>. An unfinished event and its ID are dropped, so that the server sends it again.</para>
        /// <para><b>Completes</b> when the server answers with status 204 (WHATWG HTML, section 9.2.3), and at the
        /// regular end of a response if <see cref="SseOptions.EndOfStream"/> or the policy says so.</para>
        /// <para><b>Fails</b>, always with an <see cref="SseException"/>: when the policy gives up, with
        /// <see cref="SseResponseException"/>, <see cref="SseConnectionException"/>,
        /// <see cref="SseIdleTimeoutException"/> or <see cref="SseEndOfStreamException"/>; and at once with
        /// <see cref="SseLimitException"/> or <see cref="SseRequestException"/>. Events that were received before have
        /// been delivered.</para>
        /// <para><b>Dispose</b> cancels the request, the read or the wait, and closes the connection. It may be called
        /// on any thread and within <c>OnNext</c>. No notification follows, not even an error. It does not wait for a
        /// notification that is being delivered on another thread.</para>
        /// <para><b>An observer that throws</b> ends its subscription. The scheduler throws the exception, as with
        /// Rx's own asynchronous sources. It never counts as a failure of the connection.</para>
        /// </remarks>
        /// <param name="client">
        /// The client that sends the requests. It is not disposed. Its <see cref="HttpClient.Timeout"/> limits the
        /// time until the response headers, not the stream.
        /// </param>
        /// <param name="request">
        /// The request: an address, as <see cref="string"/> or <see cref="Uri"/>, or an <see cref="SseRequest"/>.
        /// </param>
        /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
        /// <param name="scheduler">
        /// The clock of all delays and timeouts. Notifications do not arrive on it. With a virtual-time scheduler and a
        /// handler that completes on its thread, everything runs on that thread. Default:
        /// <see cref="DefaultScheduler"/>.
        /// </param>
        /// <returns>A cold observable.</returns>
        /// <exception cref="ArgumentNullException">
        /// <paramref name="client"/> or <paramref name="request"/> is null.
        /// </exception>
        /// <exception cref="ArgumentException">
        /// The address is relative and the client has no base address, or the scheduler is
        /// <see cref="ImmediateScheduler"/> or <see cref="CurrentThreadScheduler"/>, which would block.
        /// </exception>
        /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">
        /// <c>ConfigureOutage</c> or <c>ConfigureAttempt</c> adds a strategy with an option that is out of range
        /// (Polly).
        /// </exception>
        public static IObservable<SseEvent> FromSse(
            HttpClient client, SseRequest request, SseOptions? options = null, IScheduler? scheduler = null) =>
            NewStream<SseEvent>(client, request, options, scheduler, NewEventSink);

        /// <summary>
        /// Returns a cold observable of the events of an event stream, converted from UTF-8 by a selector.
        /// </summary>
        /// <remarks>
        /// No string is created unless the selector creates one, so that JSON can be read from the bytes. Works as
        /// <see cref="FromSse(HttpClient, SseRequest, SseOptions?, IScheduler?)"/>. In addition, a selector that throws
        /// ends the stream with its exception, unchanged and without a reconnect; see <see cref="SseSelector{T}"/> for
        /// how to skip a bad event instead.
        /// </remarks>
        /// <typeparam name="T">The type of the result of the selector.</typeparam>
        /// <param name="client">
        /// The client that sends the requests. It is not disposed. Its <see cref="HttpClient.Timeout"/> limits the
        /// time until the response headers, not the stream.
        /// </param>
        /// <param name="request">
        /// The request: an address, as <see cref="string"/> or <see cref="Uri"/>, or an <see cref="SseRequest"/>.
        /// </param>
        /// <param name="selector">The function that converts each event, on the thread that read it.</param>
        /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
        /// <param name="scheduler">
        /// The clock of all delays and timeouts. Notifications do not arrive on it. Default:
        /// <see cref="DefaultScheduler"/>.
        /// </param>
        /// <returns>A cold observable.</returns>
        /// <exception cref="ArgumentNullException">
        /// <paramref name="client"/>, <paramref name="request"/> or <paramref name="selector"/> is null.
        /// </exception>
        /// <exception cref="ArgumentException">
        /// The address is relative and the client has no base address, or the scheduler is
        /// <see cref="ImmediateScheduler"/> or <see cref="CurrentThreadScheduler"/>, which would block.
        /// </exception>
        /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">
        /// <c>ConfigureOutage</c> or <c>ConfigureAttempt</c> adds a strategy with an option that is out of range
        /// (Polly).
        /// </exception>
        public static IObservable<T> FromSse<T>(
            HttpClient client,
            SseRequest request,
            SseSelector<T> selector,
            SseOptions? options = null,
            IScheduler? scheduler = null) =>
            NewStream<T>(client, request, options, scheduler, SinkOf(selector));

        /// <summary>Returns a cold observable of the events and connection changes of an event stream.</summary>
        /// <remarks>
        /// The signals are <see cref="SseConnecting"/>, <see cref="SseOpened"/>, <see cref="SseEvent"/>,
        /// <see cref="SseComment"/> and <see cref="SseDisconnected"/>, in the order in which they happen. Later
        /// versions may add more. Works as <see cref="FromSse(HttpClient, SseRequest, SseOptions?, IScheduler?)"/>.
        /// <c>signals.OfType&lt;SseEvent&gt;()</c> gets the same objects that <c>FromSse</c> delivers. A failure after
        /// which the stream gives up is not an <see cref="SseDisconnected"/> but the stream's error.
        /// </remarks>
        /// <param name="client">
        /// The client that sends the requests. It is not disposed. Its <see cref="HttpClient.Timeout"/> limits the
        /// time until the response headers, not the stream.
        /// </param>
        /// <param name="request">
        /// The request: an address, as <see cref="string"/> or <see cref="Uri"/>, or an <see cref="SseRequest"/>.
        /// </param>
        /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
        /// <param name="scheduler">
        /// The clock of all delays and timeouts. Notifications do not arrive on it. Default:
        /// <see cref="DefaultScheduler"/>.
        /// </param>
        /// <returns>A cold observable.</returns>
        /// <exception cref="ArgumentNullException">
        /// <paramref name="client"/> or <paramref name="request"/> is null.
        /// </exception>
        /// <exception cref="ArgumentException">
        /// The address is relative and the client has no base address, or the scheduler is
        /// <see cref="ImmediateScheduler"/> or <see cref="CurrentThreadScheduler"/>, which would block.
        /// </exception>
        /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">
        /// <c>ConfigureOutage</c> or <c>ConfigureAttempt</c> adds a strategy with an option that is out of range
        /// (Polly).
        /// </exception>
        public static IObservable<SseSignal> FromSseSignals(
            HttpClient client, SseRequest request, SseOptions? options = null, IScheduler? scheduler = null) =>
            NewStream<SseSignal>(client, request, options, scheduler, NewSignalSink);
    }

    private static StreamObservable<T> NewStream<T>(
        HttpClient client,
        SseRequest request,
        SseOptions? options,
        IScheduler? scheduler,
        Func<IObserver<T>, string, ObserverSink> newSink)
    {
        Throw.IfNull(client);
        Throw.IfNull(request);
        if (request.Address is { } address && SseRequest.IsRelative(address) && client.BaseAddress is null)
            throw new ArgumentException(
                "The address is relative, and the client has no base address.", nameof(request));
        var stream = new SseStream(client, request, options ?? SseOptions.Default, Check(scheduler));
        return new StreamObservable<T>(stream, newSink);
    }

    private static EventObserverSink NewEventSink(IObserver<SseEvent> observer, string lastEventId) =>
        new(observer, lastEventId);

    private static SignalObserverSink NewSignalSink(IObserver<SseSignal> observer, string lastEventId) =>
        new(observer, lastEventId);

    private static Func<IObserver<T>, string, ObserverSink> SinkOf<T>(SseSelector<T> selector)
    {
        Throw.IfNull(selector);
        return (observer, lastEventId) => new SelectorObserverSink<T>(observer, selector, lastEventId);
    }

    /// <summary>
    /// Refuses the two schedulers that block the calling thread, on which the stream itself has to run.
    /// </summary>
    private static IScheduler Check(IScheduler? scheduler) => scheduler switch
    {
        null => DefaultScheduler.Instance,
        ImmediateScheduler or CurrentThreadScheduler =>
            throw new ArgumentException(
                "A scheduler that waits on the calling thread cannot run an asynchronous stream.", nameof(scheduler)),
        _ => scheduler,
    };
}
