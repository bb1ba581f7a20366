namespace Rx.Sse.Parsing;

/// <summary>
/// Receives the events of an <see cref="SseParser"/>, on the thread that feeds it. All spans are only valid during the
/// call.
/// </summary>
internal abstract class EventSink
{
    /// <summary>Gets whether the parser calls <see cref="OnComment"/>.</summary>
    public virtual bool WantsComments => false;

    /// <summary>Called for each event, after the last event ID has been set to that of the event.</summary>
    /// <param name="chunk">The input that the values of the block are slices of.</param>
    /// <param name="block">The fields of the event.</param>
    /// <returns>False to stop the parser.</returns>
    public abstract bool OnEvent(ReadOnlySpan<byte> chunk, EventBlock block);

    /// <summary>Called for each comment line.</summary>
    /// <param name="text">The text after the colon.</param>
    /// <returns>False to stop the parser.</returns>
    public virtual bool OnComment(ReadOnlySpan<byte> text) => true;

    /// <summary>Called for each valid <c>retry</c> field, even if its block is never dispatched.</summary>
    public abstract void OnReconnectionTime(TimeSpan time);
}
