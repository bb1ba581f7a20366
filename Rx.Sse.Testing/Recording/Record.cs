namespace Rx.Sse.Testing.Recording;

/// <summary>A record as read from a recording: <c>TIME VERB NUMBER REST</c>, and the indented lines below it.</summary>
/// <param name="Line">The line number of the record, from 1.</param>
/// <param name="Time">The time since the start of the recording.</param>
/// <param name="Verb">What happened.</param>
/// <param name="Number">The number of the request.</param>
/// <param name="Rest">The rest of the line.</param>
/// <param name="Lines">The lines below the record, without their indentation.</param>
internal sealed record Record(
    int Line, TimeSpan Time, string Verb, int Number, string Rest, IReadOnlyList<string> Lines)
{
    public SseRecordingException Invalid(string reason) =>
        new($"the record '{Verb} {Number}' is not valid, because {reason}", Line);
}
