using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace Rx.Sse.Samples;

/// <summary>Those who are connected, so that their connections can be broken.</summary>
internal sealed class Everybody
{
    private readonly ConcurrentDictionary<HttpContext, HttpContext> _connected = new();

    public int Count => _connected.Count;

    public void Add(HttpContext context)
    {
        _connected[context] = context;
        context.Response.OnCompleted(() =>
        {
            _connected.TryRemove(context, out _);
            return Task.CompletedTask;
        });
    }

    public void Drop()
    {
        foreach (HttpContext context in _connected.Values)
            context.Abort();
    }
}
