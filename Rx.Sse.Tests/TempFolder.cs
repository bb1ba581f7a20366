namespace Rx.Sse.Tests;

/// <summary>A new folder that is deleted with its contents.</summary>
internal sealed class TempFolder(string parent) : IDisposable
{
    public TempFolder()
        : this(System.IO.Path.GetTempPath())
    {
    }

    public string Path { get; } = Directory.CreateDirectory(
        System.IO.Path.Combine(parent, $"rx-sse-{Guid.NewGuid():N}")).FullName;

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file with the given text to the folder.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    /// <summary>Retries, because programs that were killed a moment ago may still be writing there.</summary>
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
