namespace Rx.Sse.Testing;

/// <summary>A script that has served no request, as <see cref="SseTestServer.UnservedScripts"/> lists it.</summary>
public sealed class SseUnservedScript
{
    internal SseUnservedScript(string path, int number, SseScript script) =>
        (Path, Number, Script) = (path, number, script);

    /// <summary>
    /// Gets the path that <see cref="SseTestServer.On"/> gave the script to; empty for a script of the constructor.
    /// </summary>
    public string Path { get; }

    /// <summary>Gets the position of the script among those of its path, from 1.</summary>
    public int Number { get; }

    /// <summary>Gets the script.</summary>
    public SseScript Script { get; }

    /// <summary>Returns which script it is, and what it does.</summary>
    public override string ToString() => $"script {Number}{(Path.Length > 0 ? $" of {Path}" : "")}: {Script}";
}
