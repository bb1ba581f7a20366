namespace Rx.Sse;

/// <summary>Represents a function that converts an event to an element of a typed stream.</summary>
/// <remarks>
/// <para>It reads the bytes of the event directly, for example
/// <c>e =&gt; JsonSerializer.Deserialize(e.Data, MyJson.Default.Tick)</c>. It is called on the thread that has read the
/// event.</para>
/// <para>If it throws, the stream fails with that exception, and does not reconnect. To skip a bad event instead, catch
/// the exception and return a marker, such as <see langword="null"/>, which <c>Where</c> can drop.</para>
/// </remarks>
/// <typeparam name="T">The type of the result.</typeparam>
/// <param name="e">The event. Its spans are only valid during the call.</param>
/// <returns>The element.</returns>
public delegate T SseSelector<out T>(SseUtf8Event e);
