namespace Rx.Sse.Testing;

/// <summary>
/// Represents a script that has not served a request; see <see cref="SseTestServer.UnservedScripts"/>.
/// </summary>
public sealed class SseUnservedScript
{
    internal SseUnservedScript(string path, int number, SseScript script) =>
        (Path, Number, Script) = (path, number, script);

    /// <summary>Gets the path of <see cref="SseTestServer.On"/>; empty for a script of the constructor.</summary>
    public string Path { get; }

    /// <summary>Gets the position of the script among those of its path, from 1.</summary>
    public int Number { get; }

    /// <summary>Gets the script.</summary>
    public SseScript Script { get; }

    /// <summary>Returns the number, the path and the steps in one line.</summary>
    public override string ToString() => $"script {Number}{(Path.Length > 0 ? $" of {Path}" : "")}: {Script}";
}
