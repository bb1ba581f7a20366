namespace Rx.Sse;

/// <summary>
/// Converts one event to the element of a typed stream, directly from its bytes:
/// <c>e =&gt; JsonSerializer.Deserialize(e.Data, MyJson.Default.Tick)</c>.
/// </summary>
/// <remarks>
/// Called on the thread that reads. If it throws, the stream fails with that exception, and does not reconnect. To
/// skip one bad event instead, catch the exception and return a marker, such as <see langword="null"/> for <c>Where</c>
/// to drop, or a result with the error.
/// </remarks>
/// <typeparam name="T">The type of the result.</typeparam>
/// <param name="e">The event; its spans are only valid during the call.</param>
public delegate T SseSelector<out T>(SseUtf8Event e);
