namespace Rx.Sse.Tests.Reliability.Proxy;

/// <summary>Follows the responses of one connection byte by byte, so that a fault falls where its name says.</summary>
internal abstract class ResponseScanner
{
    /// <summary>What the border after the last byte is.</summary>
    public abstract FaultPlace Place { get; }

    /// <summary>The events that have ended so far.</summary>
    public int Events => Body.Events;

    protected BodyScanner Body { get; } = new();

    public abstract void Feed(byte value);
}
