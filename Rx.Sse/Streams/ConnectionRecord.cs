using Rx.Sse.Reconnection;

namespace Rx.Sse.Streams;

/// <summary>What the errors of a subscription say about its connection.</summary>
internal sealed class ConnectionRecord
{
    private Uri? _address;
    private long _byteCount;
    private long _eventCount;

    /// <summary>
    /// How the last connection that was open has ended. Any other failure is that of an attempt to open one.
    /// </summary>
    private Exception? _end;

    /// <summary>A request is about to be sent.</summary>
    public void Connecting(Uri? address) => _address = address;

    /// <summary>The server has answered.</summary>
    /// <param name="address">The address that answered; null if it is not known.</param>
    public void Opened(Uri? address)
    {
        _address = address ?? _address;
        _byteCount = _eventCount = 0;
        _end = null;
    }

    /// <summary>The connection has brought more.</summary>
    public void Received(int bytes, long events)
    {
        _byteCount += bytes;
        _eventCount += events;
    }

    /// <summary>The connection that was open has ended.</summary>
    /// <param name="end">How it has ended; null if that is no failure.</param>
    /// <returns>The same, with what is known.</returns>
    public Exception? Ended(Exception? end) => _end = end switch
    {
        SseEndOfStreamException => new SseEndOfStreamException(_byteCount, _eventCount) { Address = _address },
        SseException known => known.At(_address),
        _ => end,
    };

    /// <summary>The failure as observers get it.</summary>
    public SseException ForObserver(Exception failure) =>
        ReferenceEquals(failure, _end)
            ? Failure.ForObserver(failure, _address, _byteCount, _eventCount)
            : Failure.ForObserver(failure, _address);
}
