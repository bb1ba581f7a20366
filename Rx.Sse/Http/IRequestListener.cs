namespace Rx.Sse.Http;

/// <summary>Who wants to know of requests.</summary>
internal interface IRequestListener
{
    /// <summary>A message is about to be sent.</summary>
    /// <param name="address">Where it goes; null if nobody has said.</param>
    /// <param name="lastEventId">Where the stream is to resume; empty for nowhere.</param>
    void OnSending(Uri? address, string lastEventId);
}
