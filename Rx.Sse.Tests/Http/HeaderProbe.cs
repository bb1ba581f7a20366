using System.Net;
using System.Reactive.Linq;
using Rx.Sse.Testing;

namespace Rx.Sse.Tests.Http;

/// <summary>Captures the first message of a stream unchanged.</summary>
internal sealed class HeaderProbe : HttpMessageHandler
{
    private HttpRequestMessage? _message;

    public HeaderProbe() => Client = new HttpClient(this) { BaseAddress = SseTestServer.BaseAddress };

    public HttpClient Client { get; }

    public HttpRequestMessage Send(SseRequest request, SseOptions? options)
    {
        using (Observable.FromSse(Client, request, options).Subscribe(_ => { }))
            return _message!;
    }

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        _message = request;
        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NoContent));
    }
}
