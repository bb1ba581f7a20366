using Rx.Sse.Streams;

namespace Rx.Sse;

/// <content>The parser as an operator.</content>
public static partial class SseObservable
{
    /// <summary>Parses chunks of bytes into the events of an event stream (WHATWG HTML, section 9.2.6).</summary>
    /// <remarks>
    /// <para>The chunks may be cut anywhere. The source is one stream, so that nothing is reconnected.</para>
    /// <para>The result is as cold or hot as the source. An event is delivered on the thread of the source, during the
    /// call that brings its last byte. Completes and fails as the source does, and drops an unfinished event, unless
    /// <see cref="SseOptions.DispatchUnterminatedEvent"/> is set and the source completes. Fails with
    /// <see cref="SseLimitException"/> when an event is too large.</para>
    /// <para>A chunk is only read during its <c>OnNext</c> call, so that its buffer can be reused after that. With
    /// <c>ObserveOn</c> before this operator, the call returns before the chunk is read: use a separate array for each
    /// chunk. If another thread changes the bytes during the call, the events are garbage, but memory is safe.</para>
    /// <para>The source has to follow the Rx contract: one call at a time. An <c>OnNext</c> from within <c>OnNext</c>,
    /// or while another thread is in it, throws <see cref="InvalidOperationException"/>, and its chunk is not parsed.
    /// The subscription fails with the same exception when the running call returns. Use <c>Synchronize()</c> for a
    /// source with several threads.</para>
    /// </remarks>
    /// <param name="source">The body of the stream, in chunks of any size.</param>
    /// <param name="options">
    /// The settings; <see langword="null"/> for the defaults. <see cref="SseOptions.LastEventId"/>,
    /// <see cref="SseOptions.MaxEventSize"/> and <see cref="SseOptions.DispatchUnterminatedEvent"/> apply, the others
    /// do not: there is no connection.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static IObservable<SseEvent> ParseSse(
        this IObservable<ReadOnlyMemory<byte>> source, SseOptions? options = null) =>
        new ParseObservable<SseEvent>(Throw.IfNull(source), options ?? SseOptions.Default, NewEventSink);

    /// <summary>Parses chunks of bytes into events, which a selector converts from UTF-8.</summary>
    /// <remarks>
    /// Works as <see cref="ParseSse(IObservable{ReadOnlyMemory{byte}}, SseOptions?)"/>. In addition, a selector that
    /// throws ends the stream with its exception.
    /// </remarks>
    /// <typeparam name="T">The type of the result of the selector.</typeparam>
    /// <param name="source">The body of the stream, in chunks of any size.</param>
    /// <param name="selector">The function that converts each event, on the thread of the source.</param>
    /// <param name="options">
    /// The settings; <see langword="null"/> for the defaults. <see cref="SseOptions.LastEventId"/>,
    /// <see cref="SseOptions.MaxEventSize"/> and <see cref="SseOptions.DispatchUnterminatedEvent"/> apply.
    /// </param>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="source"/> or <paramref name="selector"/> is null.
    /// </exception>
    public static IObservable<T> ParseSse<T>(
        this IObservable<ReadOnlyMemory<byte>> source, SseSelector<T> selector, SseOptions? options = null) =>
        new ParseObservable<T>(Throw.IfNull(source), options ?? SseOptions.Default, SinkOf(selector));
}
