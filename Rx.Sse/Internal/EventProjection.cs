using System.Diagnostics.CodeAnalysis;
using Rx.Sse.Parsing;

namespace Rx.Sse.Internal;

/// <summary>Events as <see cref="SseEvent"/>, and nothing else.</summary>
internal readonly struct EventProjection : IProjection<SseEvent>
{
    public static SseEvent ToEvent(SseUtf8Event e, LastEventIdBuffer lastEventId) => new()
    {
        Event = e.HasEvent ? Utf8Text.Decode(e.Event) : null,
        Data = Utf8Text.Decode(e.Data),
        Id = e.HasId ? lastEventId.Text : null,
        Retry = e.Retry,
        LastEventId = lastEventId.Text,
    };

    public SseEvent Project(SseUtf8Event e, LastEventIdBuffer lastEventId) => ToEvent(e, lastEventId);

    public bool TryProject(ReadOnlySpan<byte> comment, [MaybeNullWhen(false)] out SseEvent value)
    {
        value = null;
        return false;
    }

    public bool TryProject(SseSignal signal, [MaybeNullWhen(false)] out SseEvent value)
    {
        value = null;
        return false;
    }
}
