using Spectre.Console.Rendering;

namespace Rx.Sse.Samples.Tail.Formats;

/// <summary>What an event looks like.</summary>
internal interface IEventFormat
{
    /// <summary>Its text, in colours for where there are any, without the line end after it.</summary>
    IEnumerable<Segment> Format(SseEvent e, DateTimeOffset time);
}
