using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Rx.Sse.Streams;

namespace Rx.Sse;

/// <summary>
/// Server-Sent Events as observables. From C# 14 on, <c>FromSse</c> is also a member of Rx's
/// <see cref="Observable"/>: <c>Observable.FromSse(client, url)</c>; from older compilers it is
/// <c>SseObservable.FromSse(client, url)</c>.
/// </summary>
public static partial class SseObservable
{
    extension(Observable)
    {
        /// <summary>
        /// Gets the events of an event stream, across reconnects. Cold: every subscription opens a separate connection,
        /// with a separate last event ID and reconnection time. <c>Publish().RefCount()</c> shares one.
        /// </summary>
        /// <remarks>
        /// <para><b>Order and threads.</b> Subscribing sends the request at once and does not wait. Events come one at
        /// a time, synchronously, on the thread that read them: while an observer works, nothing is read and nothing is
        /// queued, and a slow observer in the end slows the server down.</para>
        /// <para><b>Reconnecting.</b> After a failure the stream waits and connects again, with the ID of the last
        /// event in <c>Last-Event-ID</c>, as <see cref="SseOptions.Reconnection"/> says. A block that the failure cut
        /// off is dropped, its ID with it, so that the server sends it again.</para>
        /// <para><b>Completes</b> when the server answers 204 (WHATWG HTML, section 9.2.3), and where
        /// <see cref="SseOptions.EndOfStream"/> or the policy says that the end of the response is the end.</para>
        /// <para><b>Fails</b>, always with an <see cref="SseException"/>, once the policy gives up: with
        /// <see cref="SseResponseException"/>, <see cref="SseConnectionException"/>,
        /// <see cref="SseIdleTimeoutException"/> or <see cref="SseEndOfStreamException"/>; and at once with
        /// <see cref="SseLimitException"/> or <see cref="SseRequestException"/>. What was received before has been
        /// delivered.</para>
        /// <para><b>Dispose</b> cancels the request, the read or the wait, and closes the connection. It may be called
        /// from any thread and within <c>OnNext</c>; nothing is delivered after it, no error either. It does not wait:
        /// a notification that another thread is delivering at that moment runs to its end, and is the last.</para>
        /// <para><b>An observer that throws</b> ends its subscription. The exception is thrown by the scheduler, as
        /// with Rx's own asynchronous sources; it never counts as a failure of the connection.</para>
        /// </remarks>
        /// <param name="client">
        /// The client that sends the requests; never disposed of here. Its <see cref="HttpClient.Timeout"/> limits the
        /// time until the response headers, not the stream.
        /// </param>
        /// <param name="request">
        /// An address, as <see cref="string"/> or <see cref="Uri"/>, or any other request.
        /// </param>
        /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
        /// <param name="scheduler">
        /// The clock of all delays and timeouts. With a virtual-time scheduler, and a handler that answers on its
        /// thread, everything happens on that thread. Default: <see cref="DefaultScheduler"/>.
        /// </param>
        /// <returns>The cold observable.</returns>
        /// <exception cref="ArgumentNullException">
        /// <paramref name="client"/> or <paramref name="request"/> is null.
        /// </exception>
        /// <exception cref="ArgumentException">
        /// The address is relative and the client has no base address, or the scheduler is
        /// <see cref="ImmediateScheduler"/> or <see cref="CurrentThreadScheduler"/>, which would block.
        /// </exception>
        /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">
        /// An option of a strategy that <c>ConfigureOutage</c> or <c>ConfigureAttempt</c> adds is out of range (Polly).
        /// </exception>
        public static IObservable<SseEvent> FromSse(
            HttpClient client, SseRequest request, SseOptions? options = null, IScheduler? scheduler = null) =>
            NewStream<SseEvent>(client, request, options, scheduler, NewEventSink);

        /// <summary>
        /// Gets the events of an event stream, across reconnects, projected by a selector that reads the bytes of each
        /// event. No string is created unless the selector creates one, so that JSON can be read from the bytes.
        /// </summary>
        /// <remarks>
        /// Works as <see cref="FromSse(HttpClient, SseRequest, SseOptions?, IScheduler?)"/>. In addition, a selector
        /// that throws ends the stream with its exception, unchanged and without a reconnect; see
        /// <see cref="SseSelector{T}"/> for how to skip a bad event instead.
        /// </remarks>
        /// <typeparam name="T">The type of the result of the selector.</typeparam>
        /// <param name="client">
        /// The client that sends the requests; never disposed of here. Its <see cref="HttpClient.Timeout"/> limits the
        /// time until the response headers, not the stream.
        /// </param>
        /// <param name="request">
        /// An address, as <see cref="string"/> or <see cref="Uri"/>, or any other request.
        /// </param>
        /// <param name="selector">The function to call for every event, on the thread that reads.</param>
        /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
        /// <param name="scheduler">
        /// The clock of all delays and timeouts. Default: <see cref="DefaultScheduler"/>.
        /// </param>
        /// <returns>The cold observable.</returns>
        /// <exception cref="ArgumentNullException">
        /// <paramref name="client"/>, <paramref name="request"/> or <paramref name="selector"/> is null.
        /// </exception>
        /// <exception cref="ArgumentException">
        /// The address is relative and the client has no base address, or the scheduler would block.
        /// </exception>
        /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">
        /// An option of a strategy that <c>ConfigureOutage</c> or <c>ConfigureAttempt</c> adds is out of range (Polly).
        /// </exception>
        public static IObservable<T> FromSse<T>(
            HttpClient client,
            SseRequest request,
            SseSelector<T> selector,
            SseOptions? options = null,
            IScheduler? scheduler = null) =>
            NewStream<T>(client, request, options, scheduler, SinkOf(selector));

        /// <summary>
        /// Gets everything that happens on an event stream, in order: <see cref="SseConnecting"/>,
        /// <see cref="SseOpened"/>, <see cref="SseEvent"/>, <see cref="SseComment"/> and <see cref="SseDisconnected"/>.
        /// </summary>
        /// <remarks>
        /// Works as <see cref="FromSse(HttpClient, SseRequest, SseOptions?, IScheduler?)"/>.
        /// <c>signals.OfType&lt;SseEvent&gt;()</c> gets the same objects that <c>FromSse</c> delivers. A failure after
        /// which the stream gives up is not an <see cref="SseDisconnected"/> but the stream's error.
        /// </remarks>
        /// <param name="client">
        /// The client that sends the requests; never disposed of here. Its <see cref="HttpClient.Timeout"/> limits the
        /// time until the response headers, not the stream.
        /// </param>
        /// <param name="request">
        /// An address, as <see cref="string"/> or <see cref="Uri"/>, or any other request.
        /// </param>
        /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
        /// <param name="scheduler">
        /// The clock of all delays and timeouts. Default: <see cref="DefaultScheduler"/>.
        /// </param>
        /// <returns>The cold observable.</returns>
        /// <exception cref="ArgumentNullException">
        /// <paramref name="client"/> or <paramref name="request"/> is null.
        /// </exception>
        /// <exception cref="ArgumentException">
        /// The address is relative and the client has no base address, or the scheduler would block.
        /// </exception>
        /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">
        /// An option of a strategy that <c>ConfigureOutage</c> or <c>ConfigureAttempt</c> adds is out of range (Polly).
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
