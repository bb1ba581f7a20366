namespace Rx.Sse.Parsing;

/// <summary>
/// Receives what a parser reads, on the thread that feeds it. All spans are only valid during the call.
/// </summary>
internal abstract class EventSink
{
    /// <summary>Whether <see cref="OnComment"/> is called at all.</summary>
    public virtual bool WantsComments => false;

    /// <summary>An event was dispatched; its ID, if it has one, is the last event ID already.</summary>
    /// <param name="chunk">The chunk that is being read, of which the values are slices.</param>
    /// <param name="block">The fields.</param>
    /// <returns>False to stop the parser.</returns>
    public abstract bool OnEvent(ReadOnlySpan<byte> chunk, EventBlock block);

    /// <summary>A comment line was read.</summary>
    /// <param name="text">All that follows the colon.</param>
    /// <returns>False to stop the parser.</returns>
    public virtual bool OnComment(ReadOnlySpan<byte> text) => true;

    /// <summary>The server set the reconnection time. It applies even if the block is never dispatched.</summary>
    public abstract void OnReconnectionTime(TimeSpan time);
}
