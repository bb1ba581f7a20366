namespace Rx.Sse.Reconnection;

/// <summary>Who wants to know of failures.</summary>
internal interface IFailureListener
{
    /// <summary>There was a failure, and another attempt follows.</summary>
    void OnDisconnected(SseDisconnected disconnected);
}
