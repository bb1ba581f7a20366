using Rx.Sse.Testing.Scripting;

namespace Rx.Sse.Testing;

/// <summary>Represents what a <see cref="SseTestServer"/> does on one connection, and when.</summary>
/// <remarks>
/// Times count from the request, as those of a cold observable count from the subscription. Immutable: a script can
/// serve any number of connections. Created by <see cref="SseTest.OpenStream"/>, <see cref="SseTest.Respond"/>,
/// <see cref="SseTest.Refuse"/> and <see cref="SseTest.NeverAnswer"/>.
/// </remarks>
public class SseScript
{
    /// <summary>The steps; null until they are used for the first time.</summary>
    private ScriptStep[]? _inOrder;

    internal SseScript(ResponseHead? head, ScriptStep? last)
    {
        Head = head;
        Last = last;
    }

    /// <summary>Gets a description that replaces that of the steps; null for none.</summary>
    internal string? Text { get; init; }

    /// <summary>Gets the status and headers; null if the server does not answer.</summary>
    internal ResponseHead? Head { get; }

    /// <summary>Gets the last step, which refers to the one before.</summary>
    internal ScriptStep? Last { get; }

    /// <summary>Gets whether the server cannot be reached, so that it never receives the request.</summary>
    internal bool IsRefusal => Head is null && Last is not null;

    private ScriptStep[] InOrder => _inOrder ??= ChainTo(Last);

    /// <summary>Gets the steps in order, with each repetition.</summary>
    internal IEnumerable<ScriptStep> Steps => InOrder.SelectMany(step => step.Occurrences());

    /// <summary>Returns the steps in one line.</summary>
    public override string ToString() =>
        Text is not null ? Text : Last is null ? "never answers" : string.Join("; ", InOrder.Select(Describe));

    /// <summary>Describes a step. The first step of a script with a head sends the head.</summary>
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
