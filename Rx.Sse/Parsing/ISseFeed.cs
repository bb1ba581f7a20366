namespace Rx.Sse.Parsing;

/// <summary>Something that takes the body of a response, chunk by chunk.</summary>
internal interface ISseFeed
{
    /// <summary>Takes the next bytes. They are only valid during the call.</summary>
    SseFeedResult Feed(ReadOnlySpan<byte> chunk);
}
