namespace Rx.Sse.Testing.Recording;

/// <summary>A record as it is read: <c>TIME VERB NUMBER REST</c>, and the lines that are indented below it.</summary>
/// <param name="Line">The number of its line, from 1.</param>
/// <param name="Time">From the start of the recording.</param>
/// <param name="Verb">What happened.</param>
/// <param name="Number">Which request it belongs to.</param>
/// <param name="Rest">What follows in the line.</param>
/// <param name="Lines">The lines below, without their indentation.</param>
internal sealed record Record(
    int Line, TimeSpan Time, string Verb, int Number, string Rest, IReadOnlyList<string> Lines)
{
    public SseRecordingException Invalid(string reason) =>
        new($"the record '{Verb} {Number}' is not valid, because {reason}", Line);
}
