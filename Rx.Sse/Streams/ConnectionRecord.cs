using Rx.Sse.Reconnection;

namespace Rx.Sse.Streams;

/// <summary>The address and counts of the current connection, which are added to errors.</summary>
internal sealed class ConnectionRecord
{
    private Uri? _address;
    private long _byteCount;
    private long _eventCount;

    /// <summary>
    /// The reason why the last open connection ended. Any other failure is that of an attempt to connect.
    /// </summary>
    private Exception? _lastEnd;

    /// <summary>Called right before a request is sent.</summary>
    public void Connecting(Uri? address) => _address = address;

    /// <summary>Called when a connection is open.</summary>
    /// <param name="address">The address that answered; null if it is not known.</param>
    public void Opened(Uri? address)
    {
        _address = address ?? _address;
        _byteCount = _eventCount = 0;
        _lastEnd = null;
    }

    /// <summary>Called after each chunk, with what it has brought.</summary>
    public void Received(int bytes, long events)
    {
        _byteCount += bytes;
        _eventCount += events;
    }

    /// <summary>Called when the open connection has ended.</summary>
    /// <param name="end">The reason; null if the subscription has ended it.</param>
    /// <returns>The reason, with the address and counts.</returns>
    public Exception? Ended(Exception? end) => _lastEnd = end switch
    {
        SseEndOfStreamException => new SseEndOfStreamException(_byteCount, _eventCount) { Address = _address },
        SseException known => known.At(_address),
        _ => end,
    };

    /// <summary>Converts a failure to the exception that observers get.</summary>
    public SseException ForObserver(Exception failure) =>
        ReferenceEquals(failure, _lastEnd)
            ? Failure.ForObserver(failure, _address, _byteCount, _eventCount)
            : Failure.ForObserver(failure, _address);
}
