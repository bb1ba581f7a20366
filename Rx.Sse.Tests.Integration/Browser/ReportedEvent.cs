namespace Rx.Sse.Tests.Integration.Browser;

/// <summary>An event as <c>EventSource</c> reports it.</summary>
internal sealed record ReportedEvent(string Type, string Data, string LastEventId)
{
    public static ReportedEvent From(SseEvent e) => new(e.EventType, e.Data, e.LastEventId);
}
