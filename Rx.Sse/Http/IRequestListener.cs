namespace Rx.Sse.Http;

/// <summary>Receives a call for each request.</summary>
internal interface IRequestListener
{
    /// <summary>Called right before a message is sent.</summary>
    /// <param name="address">The address of the message; null if it has none.</param>
    /// <param name="lastEventId">The last event ID in the header of the message; empty if there is none.</param>
    void OnSending(Uri? address, string lastEventId);
}
