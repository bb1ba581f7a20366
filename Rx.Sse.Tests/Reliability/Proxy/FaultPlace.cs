namespace Rx.Sse.Tests.Reliability.Proxy;

/// <summary>Where the border between two bytes of a response is. It may be several of these at once.</summary>
[Flags]
internal enum FaultPlace
{
    None = 0,

    /// <summary>The response is there, and none of it has been passed on.</summary>
    BeforeHeaders = 1,

    /// <summary>In the status line or a header; HTTP/2: in the payload of a frame of headers.</summary>
    InHeaders = 2,

    /// <summary>In a chunk's size or in the line end after a chunk; HTTP/2: in the head of a frame.</summary>
    InChunkHead = 4,

    /// <summary>Where the chunk, or the frame, has more bytes to come.</summary>
    InChunk = 8,

    /// <summary>Between two bytes of one character.</summary>
    InCharacter = 16,

    /// <summary>The blank line that ends the event has not come yet.</summary>
    InEvent = 32,

    /// <summary>Right after the headers, or after an event's blank line.</summary>
    BetweenEvents = 64,
}
