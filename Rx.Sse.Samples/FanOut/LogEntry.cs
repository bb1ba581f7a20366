using System.Net.ServerSentEvents;

namespace Rx.Sse.Samples.FanOut;

/// <summary>An event in the log of a relay.</summary>
/// <param name="Id">The ID that the log gave it. Followers see this one.</param>
/// <param name="Event">The event, with the IDs of the upstream.</param>
internal sealed record LogEntry(string Id, SseEvent Event)
{
    /// <summary>The event as followers get it.</summary>
    public SseItem<string> ToItem() =>
        new(Event.Data, Event.Event) { EventId = Id, ReconnectionInterval = Event.Retry };
}
