namespace Rx.Sse.Tests.Reliability.Fuzzing;

/// <summary>The contents of a stream, in order, as text.</summary>
internal class StreamLog
{
    public List<object> Items { get; } = [];

    public string LastEventId { get; set; } = "";

    public IEnumerable<SseEvent> Events => Items.OfType<SseEvent>();
}

/// <summary>A comment, as a parser reported it.</summary>
internal sealed record Comment(string Text);

/// <summary>A reconnection time, as a parser reported it.</summary>
internal sealed record ReconnectionTime(TimeSpan Time);
