using System.Diagnostics.CodeAnalysis;
using Rx.Sse.Parsing;

namespace Rx.Sse.Internal;

/// <summary>What the caller's selector makes of the events' bytes, and nothing else.</summary>
internal readonly struct SelectorProjection<T>(SseSelector<T> selector) : IProjection<T>
{
    public T Project(SseUtf8Event e, LastEventIdBuffer lastEventId) => selector(e);

    public bool TryProject(ReadOnlySpan<byte> comment, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        return false;
    }

    public bool TryProject(SseSignal signal, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        return false;
    }
}
