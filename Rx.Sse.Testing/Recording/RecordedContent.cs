using System.Net;

namespace Rx.Sse.Testing.Recording;

/// <summary>The content of a response, with its headers, whose body is recorded while it is read.</summary>
internal sealed class RecordedContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly RecordingWriter _recording;
    private readonly int _number;
    private bool _wasRead;

    public RecordedContent(HttpContent inner, RecordingWriter recording, int number)
    {
        (_inner, _recording, _number) = (inner, recording, number);
        foreach ((string name, string value) in RawHeaders.Of(inner.Headers))
            Headers.TryAddWithoutValidation(name, value);
    }

#if NET
    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) =>
        Body(_inner.ReadAsStream(cancellationToken));

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        Body(await _inner.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using Stream body = await CreateContentReadStreamAsync(cancellationToken).ConfigureAwait(false);
        await body.CopyToAsync(stream, cancellationToken).ConfigureAwait(false);
    }
#endif

    protected override async Task<Stream> CreateContentReadStreamAsync() =>
        Body(await _inner.ReadAsStreamAsync().ConfigureAwait(false));

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        using Stream body = await CreateContentReadStreamAsync().ConfigureAwait(false);
        await body.CopyToAsync(stream).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _inner.Headers.ContentLength ?? 0;
        return _inner.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            if (!_wasRead)
                _recording.Leave(_number);
            _wasRead = true;
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private RecordedBody Body(Stream inner)
    {
        _wasRead = true;
        return new RecordedBody(inner, _recording, _number);
    }
}
