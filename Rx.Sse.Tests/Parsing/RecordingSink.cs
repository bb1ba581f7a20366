using Rx.Sse.Parsing;
using Rx.Sse.Tests.Reliability.Fuzzing;

namespace Rx.Sse.Tests.Parsing;

/// <summary>What a parser reported, in order, as text.</summary>
internal sealed class ParseLog : StreamLog
{
    public SseFeedResult Result { get; set; }
}

internal readonly struct RecordingSink(ParseLog log, int stopAfter = int.MaxValue) : ISseSink
{
    public bool WantsComments => true;

    public bool OnEvent(SseUtf8Event e)
    {
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

    public bool OnComment(ReadOnlySpan<byte> text)
    {
        log.Items.Add(new Comment(Utf8Decoder.Decode(text)));
        return log.Items.Count < stopAfter;
    }

    public void OnReconnectionTime(TimeSpan time) => log.Items.Add(new ReconnectionTime(time));
}
