namespace Rx.Sse.Testing.Scripting;

/// <summary>The first steps of scripts.</summary>
internal static class Scripts
{
    public static SseScript NeverAnswer { get; } = new(null, null);

    public static SseResponseScript Answer(ResponseHead head, TimeSpan time) =>
        new(head, new ScriptStep(time, () => "answers", connection => connection.Answer()));

    public static SseScript Refuse(TimeSpan time, Exception exception) =>
        new(null, new ScriptStep(time, () => "refuses", connection => connection.Refuse(exception)));
}
