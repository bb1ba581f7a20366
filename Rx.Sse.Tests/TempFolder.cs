namespace Rx.Sse.Tests;

/// <summary>A new folder, deleted with everything in it.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("rx-sse-").FullName;

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>A file in it, with that text.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    /// <summary>Programs that were killed a moment ago may still be writing there.</summary>
    public void Dispose() => SpinWait.SpinUntil(TryDelete, TimeSpan.FromSeconds(20));

    private bool TryDelete()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
