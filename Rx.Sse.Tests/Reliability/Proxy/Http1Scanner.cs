using System.Text;

namespace Rx.Sse.Tests.Reliability.Proxy;

/// <summary>HTTP/1.1 (RFC 9112): consecutive responses, each with a chunked body or none.</summary>
internal sealed class Http1Scanner : ResponseScanner
{
    private readonly StringBuilder _headers = new();

    private State _state;

    /// <summary>The chunk size as read so far, and then how much of the chunk is left.</summary>
    private int _left;

    private bool _isAtBorderOfChunks;

    private enum State
    {
        Headers,
        ChunkSize,
        ChunkData,
        ChunkEnd,
        Trailer,
    }

    public override FaultPlace Place => _state switch
    {
        State.Headers => _headers.Length == 0 ? FaultPlace.BeforeHeaders : FaultPlace.InHeaders,
        State.ChunkData => FaultPlace.InChunk | Body.Place,
        State.ChunkSize when _isAtBorderOfChunks => Body.Place,
        _ => FaultPlace.InChunkHead | Body.Place,
    };

    public override void Feed(byte value)
    {
        switch (_state)
        {
            case State.Headers:
                FeedHeaders((char)value);
                break;
            case State.ChunkSize:
                _isAtBorderOfChunks = false;
                if (char.IsAsciiHexDigit((char)value))
                    _left = _left * 16 + Convert.ToInt32(((char)value).ToString(), 16);
                else if (value == '\n')
                    _state = _left == 0 ? State.Trailer : State.ChunkData;
                break;
            case State.ChunkData:
                Body.Feed(value);
                if (--_left == 0)
                    _state = State.ChunkEnd;
                break;
            case State.ChunkEnd when value == '\n':
                BeginChunk();
                break;
            case State.Trailer when value == '\n':
                _state = State.Headers;
                break;
        }
    }

    private void FeedHeaders(char value)
    {
        _headers.Append(value);
        if (value != '\n' || !_headers.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            return;

        if (_headers.ToString().Contains("chunked", StringComparison.OrdinalIgnoreCase))
        {
            Body.Begin();
            BeginChunk();
        }

        _headers.Clear();
    }

    private void BeginChunk() => (_state, _left, _isAtBorderOfChunks) = (State.ChunkSize, 0, true);
}
