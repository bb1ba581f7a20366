using Rx.Sse.Parsing;
using Rx.Sse.Tests.Reliability.Fuzzing;

namespace Rx.Sse.Tests.Parsing;

/// <summary>What a parser reported, in order, as text.</summary>
internal sealed class ParseLog : StreamLog
{
    public SseFeedResult Result { get; set; }
}

internal sealed class RecordingSink(ParseLog log, int stopAfter = int.MaxValue) : EventSink
{
    public override bool WantsComments => true;

    public override bool OnEvent(ReadOnlySpan<byte> chunk, EventBlock block)
    {
        var e = new SseUtf8Event(chunk, block);
        log.Items.Add(new SseEvent
        {
            Event = e.HasEvent ? Utf8Decoder.Decode(e.Event) : null,
            Data = Utf8Decoder.Decode(e.Data),
            Id = e.HasId ? Utf8Decoder.Decode(e.Id) : null,
            Retry = e.Retry,
            LastEventId = Utf8Decoder.Decode(e.LastEventId),
        });
        return log.Items.Count < stopAfter;
    }

    public override bool OnComment(ReadOnlySpan<byte> text)
    {
        log.Items.Add(new Comment(Utf8Decoder.Decode(text)));
        return log.Items.Count < stopAfter;
    }

    public override void OnReconnectionTime(TimeSpan time) => log.Items.Add(new ReconnectionTime(time));
}
