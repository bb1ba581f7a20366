using System.Globalization;

namespace Rx.Sse.Testing.Scripting;

/// <summary>
/// Enumerates the ways in which the connection of a script can break: before the response, after each byte, and in the
/// middle of each pause.
/// </summary>
internal sealed class Cuts(ResponseHead head, SseCuts kinds)
{
    /// <summary>If a script has no end, the time between its last step and a break.</summary>
    private static readonly TimeSpan AfterLastStep = TimeSpan.FromSeconds(1);

    /// <summary>The number of bytes with which the response is complete.</summary>
    private readonly long _length = LengthOf(head);

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
            yield return Broken("resets", NetworkErrors.ConnectionReset());
        }

        if (kinds.HasFlag(SseCuts.Close))
            yield return Broken("closes", NetworkErrors.NoResponse());
        if (kinds.HasFlag(SseCuts.Silence))
            yield return Scripts.NeverAnswer;

        SseScript Broken(string verb, IOException error) =>
            new(null, Scripts.Refuse(time, NetworkErrors.BeforeResponse(error)).Last)
            {
                Text = $"{verb} before the response, at {time}",
            };
    }

    private static long LengthOf(ResponseHead head)
    {
        if ((int)head.Status is 204 or 304)
            return 0;
        string length = head.Headers.FirstOrDefault(IsLength).Value ?? "";
        return long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes)
            ? bytes
            : long.MaxValue;

        static bool IsLength((string Name, string Value) header) =>
            string.Equals(header.Name, "Content-Length", StringComparison.OrdinalIgnoreCase);
    }

    private IEnumerable<SseScript> AfterHead(IEnumerable<ScriptStep> steps)
    {
        // All steps so far, and the number of bytes that they send.
        ScriptStep? whole = null;
        long sent = 0;
        foreach (ScriptStep step in steps)
        {
            foreach (SseScript cut in whole is null ? [] : Until(whole, sent, step))
                yield return cut;
            if (step.IsEnd)
                yield break;
            whole = step.After(whole);
            sent += step.Bytes.Length;
            if (sent >= _length)
                yield break;
        }

        foreach (SseScript cut in Breaks(whole!, sent, whole!.Time))
            yield return cut;
        if (ScriptStep.LatestTime - whole.Time < AfterLastStep)
            yield break;
        foreach (SseScript cut in Breaks(whole, sent, whole.Time + AfterLastStep))
            yield return cut;
    }

    /// <summary>Returns the cuts after these steps and before the next step is complete.</summary>
    private IEnumerable<SseScript> Until(ScriptStep whole, long sent, ScriptStep next)
    {
        // If the script ends at the same time, a cut would be the same as that end.
        bool isPause = next.Time > whole.Time;
        foreach (SseScript cut in isPause || !next.IsEnd ? Breaks(whole, sent, whole.Time) : [])
            yield return cut;
        TimeSpan middle = TimeSpan.FromTicks((whole.Time.Ticks + next.Time.Ticks) / 2);
        foreach (SseScript cut in isPause ? Breaks(whole, sent, middle) : [])
            yield return cut;
        foreach (SseScript cut in next.IsEnd || next.Bytes.Length > 0 ? Silence(whole, sent) : [])
            yield return cut;
        for (int count = 1; count < next.Bytes.Length && sent + count < _length; count++)
        {
            ScriptStep part = ScriptStep.Send(next.Time, next.Bytes[..count], next.ChunkSize).After(whole);
            foreach (SseScript cut in Breaks(part, sent + count, next.Time).Concat(Silence(part, sent + count)))
                yield return cut;
        }
    }

    private IEnumerable<SseScript> Breaks(ScriptStep last, long sent, TimeSpan time)
    {
        var script = new SseResponseScript(head, last);
        if (kinds.HasFlag(SseCuts.Reset))
            yield return WithText(script.Reset(time), "resets", last, sent, time);
        if (kinds.HasFlag(SseCuts.Close))
            yield return WithText(script.Close(time), "closes", last, sent, time);
    }

    private IEnumerable<SseScript> Silence(ScriptStep last, long sent) => kinds.HasFlag(SseCuts.Silence)
        ? [WithText(new SseResponseScript(head, last), "is silent", last, sent, last.Time)]
        : [];

    private static SseScript WithText(SseScript script, string verb, ScriptStep last, long sent, TimeSpan time)
    {
        string where = sent == 0
            ? "the head"
            : $"byte {sent}, '{EventText.PreviewEnd(last.Bytes)}'";
        return new SseScript(script.Head, script.Last) { Text = $"{verb} after {where}, at {time}" };
    }
}
