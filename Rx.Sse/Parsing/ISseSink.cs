namespace Rx.Sse.Parsing;

/// <summary>
/// What a parser reports to. Implemented by structs, so that the parser is compiled for each of them
/// and a report costs no interface call.
/// </summary>
internal interface ISseSink
{
    /// <summary>An event was dispatched. False stops the parser.</summary>
    bool OnEvent(SseUtf8Event e);

    /// <summary>Whether comments are to be reported at all.</summary>
    bool WantsComments { get; }

    /// <summary>A comment line was read; <paramref name="text"/> is all that follows the colon. False stops the parser.</summary>
    bool OnComment(ReadOnlySpan<byte> text);

    /// <summary>The server set the reconnection time. It applies at once, whatever becomes of the block around it.</summary>
    void OnReconnectionTime(TimeSpan time);
}
