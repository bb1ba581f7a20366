using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace Rx.Sse.Samples;

/// <summary>The open connections of a server, which it can cut.</summary>
internal sealed class OpenConnections
{
    private readonly ConcurrentDictionary<HttpContext, HttpContext> _contexts = new();

    public int Count => _contexts.Count;

    public void Add(HttpContext context)
    {
        _contexts[context] = context;
        context.Response.OnCompleted(() =>
        {
            _contexts.TryRemove(context, out _);
            return Task.CompletedTask;
        });
    }

    public void Abort()
    {
        foreach (HttpContext context in _contexts.Values)
            context.Abort();
    }
}
