using Rx.Sse.Parsing;

namespace Rx.Sse.Tests.Parsing;

/// <summary>What a parser reported, in order, as text.</summary>
internal sealed class ParseLog
{
    public List<object> Items { get; } = [];

    public string LastEventId { get; set; } = "";

    public SseFeedResult Result { get; set; }

    public IEnumerable<SseEvent> Events => Items.OfType<SseEvent>();
}

/// <summary>A comment, as a parser reported it.</summary>
internal sealed record Comment(string Text);

/// <summary>A reconnection time, as a parser reported it.</summary>
internal sealed record Reconnection(TimeSpan Time);

internal readonly struct RecordingSink(ParseLog log, int stopAfter = int.MaxValue) : ISseSink
{
    public bool OnEvent(in SseBlock block)
    {
        log.Items.Add(new SseEvent
        {
            Event = block.HasEvent ? Utf8Text.Decode(block.Event) : null,
            Data = Utf8Text.Decode(block.Data),
            Id = block.HasId ? block.LastEventId.Text : null,
            Retry = block.Retry,
            LastEventId = block.LastEventId.Text,
        });
        return log.Items.Count < stopAfter;
    }

    public bool OnComment(ReadOnlySpan<byte> text)
    {
        log.Items.Add(new Comment(Utf8Text.Decode(text)));
        return log.Items.Count < stopAfter;
    }

    public void OnReconnectionTime(TimeSpan time) => log.Items.Add(new Reconnection(time));
}
