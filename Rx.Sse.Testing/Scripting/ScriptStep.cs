namespace Rx.Sse.Testing.Scripting;

/// <summary>
/// One thing that happens on a connection, at a time that counts from the request. A chain from the last step to the
/// first: so scripts that grow by one step share the rest, and long ones cost no more than their length.
/// </summary>
internal sealed class ScriptStep
{
    /// <summary>A thousand years: as far as every scheduler can count, with all connections of a test after one another.</summary>
    private static readonly TimeSpan LatestTime = TimeSpan.FromDays(365_250);

    public ScriptStep(TimeSpan time, Action<ScriptedConnection> act)
    {
        if (time < TimeSpan.Zero || time > LatestTime)
            throw new ArgumentOutOfRangeException(nameof(time), time, $"A step's time counts from the request, is not negative and at most {LatestTime}. What never comes is left out.");
        (Time, Act) = (time, act);
    }

    public TimeSpan Time { get; }

    public Action<ScriptedConnection> Act { get; }

    public ScriptStep? Previous { get; private init; }

    /// <summary>The step that comes after this one.</summary>
    public ScriptStep Then(TimeSpan time, Action<ScriptedConnection> act) => time >= Time
        ? new ScriptStep(time, act) { Previous = this }
        : throw new ArgumentException($"A step at {time} cannot follow one at {Time}: the times of a script do not run backwards.", nameof(time));
}
