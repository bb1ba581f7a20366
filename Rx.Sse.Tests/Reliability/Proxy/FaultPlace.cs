namespace Rx.Sse.Tests.Reliability.Proxy;

/// <summary>The position between two bytes of a response. Several of these can apply at once.</summary>
[Flags]
internal enum FaultPlace
{
    None = 0,

    /// <summary>The response has arrived, but none of it has been passed on.</summary>
    BeforeHeaders = 1,

    /// <summary>In the status line or a header; with HTTP/2, in the payload of a headers frame.</summary>
    InHeaders = 2,

    /// <summary>In a chunk's size or in the line end after a chunk; with HTTP/2, in a frame's header.</summary>
    InChunkHead = 4,

    /// <summary>In a chunk or frame that has more bytes to come.</summary>
    InChunk = 8,

    /// <summary>Between two bytes of one character.</summary>
    InCharacter = 16,

    /// <summary>Before the blank line that ends the event.</summary>
    InEvent = 32,

    /// <summary>Right after the headers, or after an event's blank line.</summary>
    BetweenEvents = 64,
}
