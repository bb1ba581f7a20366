namespace Rx.Sse.Testing.Scripting;

/// <summary>
/// Enumerates the ways in which the connection of a script can break: before the response, after each byte, and in the
/// middle of each pause.
/// </summary>
internal sealed class Cuts(ResponseHead head, SseCuts kinds)
{
    /// <summary>When a connection breaks whose script has no end, after its last step.</summary>
    private static readonly TimeSpan AfterLastStep = TimeSpan.FromSeconds(1);

    public static IEnumerable<SseScript> Of(SseScript script, SseCuts kinds)
    {
        IEnumerable<SseScript> cuts = BeforeResponse(script.Steps.FirstOrDefault()?.Time ?? default, kinds);
        return script.Head is { } head ? cuts.Concat(new Cuts(head, kinds).AfterHead(script.Steps)) : cuts;
    }

    private static IEnumerable<SseScript> BeforeResponse(TimeSpan time, SseCuts kinds)
    {
        if (kinds.HasFlag(SseCuts.Reset))
        {
            yield return Scripts.Refuse(TimeSpan.Zero, NetworkErrors.ConnectionRefused());
            yield return Scripts.Refuse(time, NetworkErrors.BeforeResponse(NetworkErrors.ConnectionReset()));
        }

        if (kinds.HasFlag(SseCuts.Close))
            yield return Scripts.Refuse(time, NetworkErrors.BeforeResponse(NetworkErrors.NoResponse()));
        if (kinds.HasFlag(SseCuts.Silence))
            yield return Scripts.NeverAnswer;
    }

    private IEnumerable<SseScript> AfterHead(IEnumerable<ScriptStep> steps)
    {
        // The steps so far, all of them whole.
        ScriptStep? whole = null;
        foreach (ScriptStep step in steps)
        {
            IEnumerable<SseScript> cuts = whole is null ? Breaks(step, step.Time) : Within(whole, step);
            foreach (SseScript cut in cuts)
                yield return cut;
            if (step.IsEnd)
                yield break;
            whole = step.After(whole);
        }

        foreach (SseScript cut in Breaks(whole!, whole!.Time + AfterLastStep))
            yield return cut;
    }

    private IEnumerable<SseScript> Within(ScriptStep whole, ScriptStep step)
    {
        if (step.Time > whole.Time)
        {
            TimeSpan middle = TimeSpan.FromTicks((whole.Time.Ticks + step.Time.Ticks) / 2);
            foreach (SseScript cut in Breaks(whole, middle))
                yield return cut;
        }

        foreach (SseScript cut in Silence(whole))
            yield return cut;
        for (int count = 1; count <= step.Bytes.Length; count++)
        {
            ScriptStep part = ScriptStep.Send(step.Time, step.Bytes[..count], step.ChunkSize).After(whole);
            IEnumerable<SseScript> cuts = Breaks(part, step.Time);
            foreach (SseScript cut in count < step.Bytes.Length ? cuts.Concat(Silence(part)) : cuts)
                yield return cut;
        }
    }

    private IEnumerable<SseScript> Breaks(ScriptStep last, TimeSpan time)
    {
        if (kinds.HasFlag(SseCuts.Reset))
            yield return new SseResponseScript(head, last).Reset(time);
        if (kinds.HasFlag(SseCuts.Close))
            yield return new SseResponseScript(head, last).Close(time);
    }

    private IEnumerable<SseScript> Silence(ScriptStep last) =>
        kinds.HasFlag(SseCuts.Silence) ? [new SseResponseScript(head, last)] : [];
}
