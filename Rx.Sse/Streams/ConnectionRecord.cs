using Rx.Sse.Reconnection;

namespace Rx.Sse.Streams;

/// <summary>What the errors of a subscription say about its connection.</summary>
internal sealed class ConnectionRecord
{
    private Uri? _address;

    /// <summary>A request is about to be sent.</summary>
    public void Connecting(Uri? address) => _address = address;

    /// <summary>The server has answered.</summary>
    /// <param name="address">The address that answered; null if it is not known.</param>
    public void Opened(Uri? address) => _address = address ?? _address;

    /// <summary>The connection that was open has ended.</summary>
    /// <param name="end">How it has ended; null if that is no failure.</param>
    /// <returns>The same, with what is known.</returns>
    public Exception? Ended(Exception? end) => end is SseException known ? known.At(_address) : end;

    /// <summary>The failure as observers get it.</summary>
    public SseException ForObserver(Exception failure) => Failure.ForObserver(failure).At(_address);
}
