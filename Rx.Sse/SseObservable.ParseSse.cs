using Rx.Sse.Streams;

namespace Rx.Sse;

/// <content>The parser as an operator.</content>
public static partial class SseObservable
{
    /// <summary>
    /// Parses the bytes of an event stream, however they are cut, into its events (WHATWG HTML, section 9.2.6). The
    /// source is one stream: nothing is reconnected.
    /// </summary>
    /// <remarks>
    /// <para>As cold or hot as the source, and on its thread: an event is delivered during the call that brings its
    /// last byte. Completes and fails as the source does; a block that is unfinished by then is dropped, unless
    /// <see cref="SseOptions.DispatchUnterminatedEvent"/> says otherwise for a completion. Fails with
    /// <see cref="SseLimitException"/> when an event is too large.</para>
    /// <para>A chunk is only read during its <c>OnNext</c> call, so its buffer can be reused after that. With
    /// <c>ObserveOn</c> in front of this operator, the call returns before the chunk is read: use a separate array for
    /// each chunk there. Bytes that change while they are read give garbage events, and nothing worse.</para>
    /// <para>The source has to follow the Rx contract: one call at a time. An <c>OnNext</c> from within <c>OnNext</c>,
    /// or while another thread is in it, throws <see cref="InvalidOperationException"/> and its chunk is not parsed.
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

    /// <summary>
    /// Parses the bytes of an event stream into its events, projected by a selector that reads the bytes of each event.
    /// </summary>
    /// <remarks>
    /// Works as <see cref="ParseSse(IObservable{ReadOnlyMemory{byte}}, SseOptions?)"/>. In addition, a selector that
    /// throws ends the stream with its exception.
    /// </remarks>
    /// <typeparam name="T">The type of the result of the selector.</typeparam>
    /// <param name="source">The body of the stream, in chunks of any size.</param>
    /// <param name="selector">The function to call for every event, on the source's thread.</param>
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
