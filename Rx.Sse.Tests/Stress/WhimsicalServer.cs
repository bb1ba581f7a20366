using System.Collections.Concurrent;
using System.Net.Http.Headers;

namespace Rx.Sse.Tests.Stress;

/// <summary>A handler that does something random with each request, on any thread, without a socket.</summary>
internal sealed class WhimsicalServer(int seed) : HttpMessageHandler
{
    private int _requests;

    /// <summary>Requests without a response, and bodies that were not closed.</summary>
    public Gauge Open { get; } = new();

    /// <summary>What a client must not do.</summary>
    public ConcurrentQueue<string> Faults { get; } = [];

    /// <summary>The arrays of reads that have failed or were cancelled.</summary>
    public ConcurrentQueue<byte[]> FailedReads { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Whim whim = Whim.Of(new Random(seed + Interlocked.Increment(ref _requests)));
        Open.Increment();
        HttpContent? content = null;
        try
        {
            if (_requests % 3 > 0)
                await Task.Yield();
            if (!whim.Answers && whim.End == WhimEnd.Break)
                throw new HttpRequestException("refused");
            if (!whim.Answers)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            content = new StreamContent(new WhimsicalBody(whim, this));
            content.Headers.ContentType = new MediaTypeHeaderValue("text/event-stream");
            return new HttpResponseMessage(whim.Status) { Content = content };
        }
        finally
        {
            if (content is null)
                Open.Decrement();
        }
    }
}
