using System.Reactive.Concurrency;
using Rx.Sse.Streams;

namespace Rx.Sse;

/// <content>Responses and streams that the caller already has.</content>
public static partial class SseObservable
{
    /// <summary>
    /// Gets the events of an existing response, without reconnection. It must have been requested with
    /// <see cref="HttpCompletionOption.ResponseHeadersRead"/>; otherwise the events arrive only after the whole
    /// response.
    /// </summary>
    /// <remarks>
    /// <para>The response can be read once: a second subscription fails with <see cref="InvalidOperationException"/>.
    /// From then on, the response belongs to the subscription, and is disposed of when the stream ends or the
    /// subscription is disposed of.</para>
    /// <para>Completes at the end of the response, unless <see cref="SseOptions.EndOfStream"/> says that it fails, and
    /// at once where the status is 204. Fails with <see cref="SseResponseException"/> if it is not an event
    /// stream, and otherwise with the same exceptions as <c>FromSse</c>. <see cref="SseOptions.Reconnection"/> does not
    /// apply. Threads and order are the same as with <c>FromSse</c>.</para>
    /// </remarks>
    /// <param name="response">The response.</param>
    /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
    /// <param name="scheduler">The clock of the idle timeout. Default: <see cref="DefaultScheduler"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="response"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The scheduler is <see cref="ImmediateScheduler"/> or <see cref="CurrentThreadScheduler"/>, which would block.
    /// </exception>
    public static IObservable<SseEvent> ToSseObservable(
        this HttpResponseMessage response, SseOptions? options = null, IScheduler? scheduler = null) =>
        Read<SseEvent>(response, isChecked: false, options, scheduler, NewEventSink);

    /// <summary>
    /// Gets the events of an existing response, projected by a selector that reads the bytes of each event.
    /// </summary>
    /// <remarks>
    /// Works as <see cref="ToSseObservable(HttpResponseMessage, SseOptions?, IScheduler?)"/>. In addition, a selector
    /// that throws ends the stream with its exception.
    /// </remarks>
    /// <typeparam name="T">The type of the result of the selector.</typeparam>
    /// <param name="response">The response.</param>
    /// <param name="selector">The function to call for every event, on the thread that reads.</param>
    /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
    /// <param name="scheduler">The clock of the idle timeout. Default: <see cref="DefaultScheduler"/>.</param>
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

    /// <summary>Gets the events of an existing stream of bytes, without reconnection.</summary>
    /// <remarks>
    /// The stream can be read once. From the subscription on, the stream belongs to it, and is disposed of with it. The
    /// bytes are always read as an event stream, whatever their source.
    /// </remarks>
    /// <param name="stream">The stream, which is read from its current position.</param>
    /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
    /// <param name="scheduler">The clock of the idle timeout. Default: <see cref="DefaultScheduler"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="stream"/> cannot be read, or the scheduler would block.
    /// </exception>
    public static IObservable<SseEvent> ToSseObservable(
        this Stream stream, SseOptions? options = null, IScheduler? scheduler = null) =>
        Read<SseEvent>(ResponseOf(stream), isChecked: true, options, scheduler, NewEventSink);

    /// <summary>
    /// Gets the events of an existing stream of bytes, projected by a selector that reads the bytes of each event.
    /// </summary>
    /// <remarks>
    /// Works as <see cref="ToSseObservable(Stream, SseOptions?, IScheduler?)"/>. In addition, a selector that throws
    /// ends the stream with its exception.
    /// </remarks>
    /// <typeparam name="T">The type of the result of the selector.</typeparam>
    /// <param name="stream">The stream, which is read from its current position.</param>
    /// <param name="selector">The function to call for every event, on the thread that reads.</param>
    /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
    /// <param name="scheduler">The clock of the idle timeout. Default: <see cref="DefaultScheduler"/>.</param>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="stream"/> or <paramref name="selector"/> is null.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="stream"/> cannot be read, or the scheduler would block.
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
