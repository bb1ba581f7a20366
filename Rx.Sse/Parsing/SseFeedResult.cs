namespace Rx.Sse.Parsing;

/// <summary>Specifies why a parser has returned.</summary>
internal enum SseFeedResult
{
    /// <summary>The whole chunk was read, and the next one can follow.</summary>
    NeedsMore,

    /// <summary>The sink has stopped the parser; the rest of the chunk was not read.</summary>
    Stopped,

    /// <summary>An event or a line exceeds the limit; the stream cannot be read further.</summary>
    TooLarge,
}
