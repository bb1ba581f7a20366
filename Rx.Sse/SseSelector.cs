namespace Rx.Sse;

/// <summary>
/// Makes what a typed stream delivers of one event, straight from its bytes:
/// <c>e =&gt; JsonSerializer.Deserialize(e.Data, MyJson.Default.Tick)</c>.
/// </summary>
/// <remarks>
/// Called on the thread that reads. If it throws, the stream fails with that exception, and does not reconnect. To
/// let one bad event pass instead, catch what it throws and return something that says so, such as
/// <see langword="null"/> for <c>Where</c> to drop, or a result that carries the error.
/// </remarks>
/// <typeparam name="T">What becomes of an event.</typeparam>
/// <param name="e">The event; its spans are only valid during the call.</param>
public delegate T SseSelector<out T>(SseUtf8Event e);
