using System.Text;

namespace Rx.Sse.Samples.Chat;

/// <summary>
/// Makes event streams of what some servers send instead. An event stream has only the fields "data", "event", "id" and
/// "retry", and the standard drops any other line. Here such a line is data: JSON or a plain text from a server that
/// does not stream. A field "error" becomes an event of that type. A connection that breaks ends the last event first.
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

    /// <summary>The memory has what is repaired and not yet read.</summary>
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
