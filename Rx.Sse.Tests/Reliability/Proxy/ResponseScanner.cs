namespace Rx.Sse.Tests.Reliability.Proxy;

/// <summary>
/// Follows the responses of one connection byte by byte, so that each fault happens at its named place.
/// </summary>
internal abstract class ResponseScanner
{
    /// <summary>The places that apply after the last byte.</summary>
    public abstract FaultPlace Place { get; }

    /// <summary>The number of events that have ended so far.</summary>
    public int Events => Body.Events;

    protected BodyScanner Body { get; } = new();

    public abstract void Feed(byte value);
}
