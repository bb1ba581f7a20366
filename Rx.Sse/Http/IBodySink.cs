using Rx.Sse.Parsing;

namespace Rx.Sse.Http;

/// <summary>Receives the body of a response from <see cref="ResponseReader"/>, one call at a time.</summary>
internal interface IBodySink
{
    /// <summary>Receives the next chunk, which is only valid during the call.</summary>
    SseFeedResult Receive(ReadOnlySpan<byte> chunk);

    /// <summary>Releases memory that is not needed during a wait, which may take hours.</summary>
    void TrimMemory();
}
