namespace Rx.Sse.Http;

/// <summary>Is told of requests.</summary>
internal interface IRequestListener
{
    /// <summary>A message is about to be sent.</summary>
    /// <param name="address">Its address; null if it has none.</param>
    /// <param name="lastEventId">The last event ID in its header; empty without one.</param>
    void OnSending(Uri? address, string lastEventId);
}
