using System.Buffers.Binary;

namespace Rx.Sse.Tests.Reliability.Proxy;

/// <summary>HTTP/2 (RFC 9113): frames. The data frames are treated as consecutive bodies.</summary>
internal sealed class Http2Scanner : ResponseScanner
{
    private const byte Data = 0x0;
    private const byte Headers = 0x1;
    private const byte ResetStream = 0x3;
    private const byte EndStream = 0x1;

    private readonly byte[] _head = new byte[9];

    private int _headLength;

    /// <summary>How much of the frame's payload is left.</summary>
    private int _left;

    private bool _isAtStart = true;

    /// <summary>Whether the headers of a response have arrived, but not its end.</summary>
    private bool _isInBody;

    public override FaultPlace Place =>
        _isAtStart ? FaultPlace.BeforeHeaders
        : _left > 0 && Type == Headers ? FaultPlace.InHeaders
        : !_isInBody ? FaultPlace.None
        : _left > 0 ? FaultPlace.InChunk | Body.Place
        : _headLength > 0 ? FaultPlace.InChunkHead | Body.Place
        : Body.Place;

    private byte Type => _head[3];

    public override void Feed(byte value)
    {
        _isAtStart = false;
        if (_left == 0)
            FeedHead(value);
        else
            FeedPayload(value);
    }

    private void FeedHead(byte value)
    {
        _head[_headLength++] = value;
        if (_headLength < _head.Length)
            return;

        _headLength = 0;
        _left = (int)(BinaryPrimitives.ReadUInt32BigEndian(_head) >> 8);
        if (_left == 0)
            EndFrame();
    }

    private void FeedPayload(byte value)
    {
        if (Type == Data)
            Body.Feed(value);
        if (--_left == 0)
            EndFrame();
    }

    private void EndFrame()
    {
        bool isLast = Type == ResetStream || Type is Data or Headers && (_head[4] & EndStream) != 0;
        if (Type == Headers && !isLast)
            Body.Begin();
        _isInBody = !isLast && (_isInBody || Type == Headers);
    }
}
