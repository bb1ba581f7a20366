using Rx.Sse.Testing.Scripting;

namespace Rx.Sse.Testing;

/// <summary>
/// What a <see cref="SseTestServer"/> does on one connection, and when. Times count from the request, as those of a
/// cold observable count from the subscription. Immutable: one script can serve many connections.
/// </summary>
/// <remarks>Made by <see cref="SseTest.OpenStream"/>, <see cref="SseTest.Respond"/>, <see cref="SseTest.Refuse"/> and <see cref="SseTest.NeverAnswer"/>.</remarks>
public class SseScript
{
    /// <summary>The steps in order, made from the chain when they are first asked for.</summary>
    private ScriptStep[]? _steps;

    internal SseScript(ResponseHead? head, ScriptStep? last)
    {
        Head = head;
        Last = last;
    }

    /// <summary>Status and headers; null where the server does not answer.</summary>
    internal ResponseHead? Head { get; }

    /// <summary>The last step; it knows the one before.</summary>
    internal ScriptStep? Last { get; }

    internal IReadOnlyList<ScriptStep> Steps => _steps ??= InOrder(Last);

    private static ScriptStep[] InOrder(ScriptStep? last)
    {
        var steps = new Stack<ScriptStep>();
        for (ScriptStep? step = last; step is not null; step = step.Previous)
            steps.Push(step);
        return [.. steps];
    }
}
