using System.Reactive.Concurrency;
using Rx.Sse.Streams;

namespace Rx.Sse;

/// <content>Responses and streams that the caller already has.</content>
public static partial class SseObservable
{
    /// <summary>Returns an observable of the events of an existing response, without reconnection.</summary>
    /// <remarks>
    /// <para>Request the response with <see cref="HttpCompletionOption.ResponseHeadersRead"/>; otherwise, no event
    /// arrives before the end of the response.</para>
    /// <para>The response can be read once: a second subscription fails with <see cref="InvalidOperationException"/>.
    /// The first subscription owns the response, and disposes it at the end of the stream or when the subscription is
    /// disposed.</para>
    /// <para>Completes at the end of the response, unless <see cref="SseOptions.EndOfStream"/> is
    /// <see cref="SseEndOfStream.Fail"/>, and at once if the status is 204. Fails with
    /// <see cref="SseResponseException"/> if it is not an event stream, and otherwise with the same exceptions as
    /// <c>FromSse</c>. <see cref="SseOptions.Reconnection"/> does not apply. Threads and order are those of
    /// <c>FromSse</c>.</para>
    /// </remarks>
    /// <param name="response">The response.</param>
    /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
    /// <param name="scheduler">The clock of all timeouts. Default: <see cref="DefaultScheduler"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="response"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The scheduler is <see cref="ImmediateScheduler"/> or <see cref="CurrentThreadScheduler"/>, which would block.
    /// </exception>
    public static IObservable<SseEvent> ToSseObservable(
        this HttpResponseMessage response, SseOptions? options = null, IScheduler? scheduler = null) =>
        Read<SseEvent>(response, isChecked: false, options, scheduler, NewEventSink);

    /// <summary>Returns an observable of the events of an existing response, converted by a selector.</summary>
    /// <remarks>
    /// Works as <see cref="ToSseObservable(HttpResponseMessage, SseOptions?, IScheduler?)"/>. In addition, a selector
    /// that throws ends the stream with its exception.
    /// </remarks>
    /// <typeparam name="T">The type of the result of the selector.</typeparam>
    /// <param name="response">The response.</param>
    /// <param name="selector">The function that converts each event, on the thread that read it.</param>
    /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
    /// <param name="scheduler">The clock of all timeouts. Default: <see cref="DefaultScheduler"/>.</param>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="response"/> or <paramref name="selector"/> is null.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// The scheduler is <see cref="ImmediateScheduler"/> or <see cref="CurrentThreadScheduler"/>, which would block.
    /// </exception>
    public static IObservable<T> ToSseObservable<T>(
        this HttpResponseMessage response,
        SseSelector<T> selector,
        SseOptions? options = null,
        IScheduler? scheduler = null) =>
        Read<T>(response, isChecked: false, options, scheduler, SinkOf(selector));

    /// <summary>Returns an observable of the events of an existing stream of bytes, without reconnection.</summary>
    /// <remarks>
    /// The stream can be read once: a second subscription fails with <see cref="InvalidOperationException"/>. The first
    /// subscription owns the stream, and disposes it at its end. The bytes are always read as an event stream.
    /// </remarks>
    /// <param name="stream">The stream, which is read from its current position.</param>
    /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
    /// <param name="scheduler">The clock of all timeouts. Default: <see cref="DefaultScheduler"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="stream"/> cannot be read, or the scheduler is <see cref="ImmediateScheduler"/> or
    /// <see cref="CurrentThreadScheduler"/>, which would block.
    /// </exception>
    public static IObservable<SseEvent> ToSseObservable(
        this Stream stream, SseOptions? options = null, IScheduler? scheduler = null) =>
        Read<SseEvent>(ResponseOf(stream), isChecked: true, options, scheduler, NewEventSink);

    /// <summary>Returns an observable of the events of an existing stream of bytes, converted by a selector.</summary>
    /// <remarks>
    /// Works as <see cref="ToSseObservable(Stream, SseOptions?, IScheduler?)"/>. In addition, a selector that throws
    /// ends the stream with its exception.
    /// </remarks>
    /// <typeparam name="T">The type of the result of the selector.</typeparam>
    /// <param name="stream">The stream, which is read from its current position.</param>
    /// <param name="selector">The function that converts each event, on the thread that read it.</param>
    /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
    /// <param name="scheduler">The clock of all timeouts. Default: <see cref="DefaultScheduler"/>.</param>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="stream"/> or <paramref name="selector"/> is null.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="stream"/> cannot be read, or the scheduler is <see cref="ImmediateScheduler"/> or
    /// <see cref="CurrentThreadScheduler"/>, which would block.
    /// </exception>
    public static IObservable<T> ToSseObservable<T>(
        this Stream stream, SseSelector<T> selector, SseOptions? options = null, IScheduler? scheduler = null) =>
        Read<T>(ResponseOf(stream), isChecked: true, options, scheduler, SinkOf(selector));

    private static ResponseObservable<T> Read<T>(
        HttpResponseMessage response,
        bool isChecked,
        SseOptions? options,
        IScheduler? scheduler,
        Func<IObserver<T>, string, ObserverSink> newSink) =>
        new(Throw.IfNull(response), isChecked, options ?? SseOptions.Default, Check(scheduler), newSink);

    private static HttpResponseMessage ResponseOf(Stream stream)
    {
        Throw.IfNull(stream);
        if (!stream.CanRead)
            throw new ArgumentException("The stream cannot be read.", nameof(stream));
        return new HttpResponseMessage { Content = new StreamContent(stream) };
    }
}
