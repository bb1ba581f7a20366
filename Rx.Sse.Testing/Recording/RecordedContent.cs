using System.Net;

namespace Rx.Sse.Testing.Recording;

/// <summary>The content of a response, with its headers. Its body is recorded while it is read.</summary>
internal sealed class RecordedContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly ConnectionRecorder _recorder;
    private bool _wasRead;

    public RecordedContent(HttpContent inner, ConnectionRecorder recorder)
    {
        (_inner, _recorder) = (inner, recorder);
        foreach ((string name, string value) in RawHeaders.Of(inner.Headers))
            Headers.TryAddWithoutValidation(name, value);
    }

#if NET
    protected override Stream CreateContentReadStream(CancellationToken cancellationToken)
    {
        CheckFirstRead();
        return new RecordedBody(_inner.ReadAsStream(cancellationToken), _recorder);
    }

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken)
    {
        CheckFirstRead();
        Stream body = await _inner.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        return new RecordedBody(body, _recorder);
    }

    protected override void SerializeToStream(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using Stream body = CreateContentReadStream(cancellationToken);
        body.CopyTo(stream);
    }

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using Stream body = await CreateContentReadStreamAsync(cancellationToken).ConfigureAwait(false);
        await body.CopyToAsync(stream, cancellationToken).ConfigureAwait(false);
    }
#endif

    protected override async Task<Stream> CreateContentReadStreamAsync()
    {
        CheckFirstRead();
        Stream body = await _inner.ReadAsStreamAsync().ConfigureAwait(false);
        return new RecordedBody(body, _recorder);
    }

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
            _recorder.Leave();
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>
    /// Throws if the body has been read before, because a body from the network can be read only once.
    /// </summary>
    private void CheckFirstRead()
    {
        if (_wasRead)
            throw new InvalidOperationException("The content has been read already, and cannot be read again.");
        _wasRead = true;
    }
}
