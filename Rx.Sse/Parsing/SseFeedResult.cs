namespace Rx.Sse.Parsing;

/// <summary>The reason why a parser has returned from a chunk.</summary>
internal enum SseFeedResult
{
    /// <summary>The chunk is used up; the stream goes on with the next one.</summary>
    NeedsMore,

    /// <summary>The sink asked to stop; the rest of the chunk was not looked at.</summary>
    Stopped,

    /// <summary>An event or a line grew beyond the limit; the stream can't be read any further.</summary>
    TooLarge,
}
