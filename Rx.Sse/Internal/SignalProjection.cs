using System.Diagnostics.CodeAnalysis;
using Rx.Sse.Parsing;

namespace Rx.Sse.Internal;

/// <summary>Everything: an event is a signal itself.</summary>
internal readonly struct SignalProjection : IProjection<SseSignal>
{
    public SseSignal Project(SseUtf8Event e, LastEventIdBuffer lastEventId) => EventProjection.ToEvent(e, lastEventId);

    public bool TryProject(ReadOnlySpan<byte> comment, [MaybeNullWhen(false)] out SseSignal value)
    {
        value = new SseComment { Text = Utf8Text.Decode(comment) };
        return true;
    }

    public bool TryProject(SseSignal signal, [MaybeNullWhen(false)] out SseSignal value)
    {
        value = signal;
        return true;
    }
}
