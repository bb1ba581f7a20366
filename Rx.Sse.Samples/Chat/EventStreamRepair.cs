using System.Text;

namespace Rx.Sse.Samples.Chat;

/// <summary>
/// Corrects streams that are not quite in the format. An event stream has only the fields "data", "event", "id" and
/// "retry", and parsers drop any other line. Some servers send JSON or plain text as such lines: here they become data.
/// A field "error" becomes an event of that type. If the connection breaks, the last event is ended first.
/// </summary>
internal sealed class EventStreamRepair(HttpMessageHandler server) : DelegatingHandler(server)
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
            return response;
        var content = new StreamContent(new Body(await response.Content.ReadAsStreamAsync(cancellationToken)));
        foreach ((string name, IEnumerable<string> values) in response.Content.Headers)
            content.Headers.TryAddWithoutValidation(name, values);
        response.Content = content;
        return response;
    }

    /// <summary>The memory holds what is repaired and not yet read.</summary>
    private sealed class Body(Stream source) : MemoryStream
    {
        private const int LongestName = 5;

        private readonly byte[] _chunk = new byte[4096];
        private readonly List<byte> _name = [];
        private bool _isAfterName;
        private Exception? _failure;

        public override bool CanSeek => false;

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            for (int count = 1; Position == Length && count > 0;)
            {
                SetLength(0);
                count = await ReadChunkAsync(cancellationToken);
                foreach (byte next in _chunk.AsSpan(0, count))
                    Repair(next);
                if (count == 0 && _name.Count > 0)
                    Repair((byte)'\n');
                Position = 0;
            }

            return Read(buffer.Span);
        }

        protected override void Dispose(bool disposing)
        {
            source.Dispose();
            base.Dispose(disposing);
        }

        /// <summary>Reads two line ends when the connection breaks, and throws the failure afterwards.</summary>
        private async ValueTask<int> ReadChunkAsync(CancellationToken cancellation)
        {
            if (_failure is not null)
                throw _failure;
            try
            {
                return await source.ReadAsync(_chunk, cancellation);
            }
            catch (Exception exception) when (exception is IOException or HttpRequestException)
            {
                _failure = exception;
                _chunk[0] = _chunk[1] = (byte)'\n';
                return 2;
            }
        }

        /// <summary>Keeps the start of a line until it is clear whether it is a field of an event stream.</summary>
        private void Repair(byte next)
        {
            bool isLineEnd = next is (byte)'\n' or (byte)'\r';
            if (!_isAfterName && next != ':' && !isLineEnd && _name.Count < LongestName)
            {
                _name.Add(next);
                return;
            }

            if (!_isAfterName)
            {
                // Latin-1 keeps the bytes as they are.
                string name = Encoding.Latin1.GetString([.. _name]);
                Write(Encoding.Latin1.GetBytes(name switch
                {
                    "" or "data" or "event" or "id" or "retry" when next == ':' || isLineEnd => name,
                    "error" when next == ':' => "event: error\ndata",
                    _ => $"data:{name}",
                }));
                _name.Clear();
            }

            WriteByte(next);
            _isAfterName = !isLineEnd;
        }
    }
}
