using Rx.Sse.Parsing;

namespace Rx.Sse.Http;

/// <summary>Something that takes the body of a response, chunk by chunk.</summary>
internal interface ISseFeed
{
    /// <summary>Takes the next bytes. They are only valid during the call.</summary>
    SseFeedResult Feed(ReadOnlySpan<byte> chunk);

    /// <summary>
    /// There is nothing to read for now, and it may be long until there is: a time to hold no memory that isn't needed.
    /// </summary>
    void Rest();
}
