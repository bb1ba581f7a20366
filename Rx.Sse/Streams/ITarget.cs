namespace Rx.Sse.Streams;

/// <summary>
/// An observer, and what becomes of the things on a stream before it gets them. Implemented by structs, so that the way from the bytes to
/// the observer is compiled for each kind, and an event costs no other interface call than the observer's own.
/// </summary>
internal interface ITarget
{
    /// <summary>False if the stream is over.</summary>
    bool OnEvent(SseDecoder decoder, SseUtf8Event e);

    /// <summary>Anything else than events is of interest: comments, and what becomes of the connection.</summary>
    bool WantsSignals { get; }

    void OnComment(SseDecoder decoder, ReadOnlySpan<byte> text);

    /// <summary>A signal other than an event or a comment.</summary>
    void OnSignal(SseSignal signal);

    void OnError(Exception error);

    void OnCompleted();
}
