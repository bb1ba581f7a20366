namespace Rx.Sse.Samples.Tail;

/// <summary>A server to follow where the user has named none.</summary>
internal interface IDemoServer : IAsyncDisposable
{
    Uri Url { get; }
}
