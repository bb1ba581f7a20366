using Rx.Sse.Testing.Scripting;

namespace Rx.Sse.Testing;

/// <summary>
/// What a <see cref="SseTestServer"/> does on one connection, and when. Times count from the request, as those of a
/// cold observable count from the subscription. Immutable: one script can serve many connections.
/// </summary>
/// <remarks>
/// Made by <see cref="SseTest.OpenStream"/>, <see cref="SseTest.Respond"/>, <see cref="SseTest.Refuse"/> and
/// <see cref="SseTest.NeverAnswer"/>.
/// </remarks>
public class SseScript
{
    /// <summary>The steps, made from the chain when they are first asked for.</summary>
    private ScriptStep[]? _inOrder;

    internal SseScript(ResponseHead? head, ScriptStep? last)
    {
        Head = head;
        Last = last;
    }

    /// <summary>Describes the script in place of its steps; null for these.</summary>
    internal string? Text { get; init; }

    /// <summary>Status and headers; null where the server does not answer.</summary>
    internal ResponseHead? Head { get; }

    /// <summary>The last step; it knows the one before.</summary>
    internal ScriptStep? Last { get; }

    /// <summary>The server cannot be reached, so that it never sees the request.</summary>
    internal bool IsRefusal => Head is null && Last is not null;

    private ScriptStep[] InOrder => _inOrder ??= ChainTo(Last);

    /// <summary>What happens, in order; a step that is repeated comes as often as it happens.</summary>
    internal IEnumerable<ScriptStep> Steps => InOrder.SelectMany(step => step.Occurrences());

    /// <summary>Returns what the server does, step by step, in one line.</summary>
    public override string ToString() =>
        Text is not null ? Text : Last is null ? "never answers" : string.Join("; ", InOrder.Select(Describe));

    /// <summary>The first step of a script that has a head is to send it.</summary>
    private string Describe(ScriptStep step) =>
        Head is not null && step.Previous is null ? $"answers {(int)Head.Status} at {step.Time}" : step.ToString();

    private static ScriptStep[] ChainTo(ScriptStep? last)
    {
        var steps = new Stack<ScriptStep>();
        for (ScriptStep? step = last; step is not null; step = step.Previous)
            steps.Push(step);
        return [.. steps];
    }
}
