namespace Rx.Sse.Samples.Tail;

/// <summary>
/// A file that keeps the ID of the last event that was written, so that the next run starts after it. The ID is saved
/// after the event is written: a run that is killed in between writes the event again, and no event is lost.
/// </summary>
internal sealed class SinceFile(string path)
{
    /// <summary>The target of a link, because a new file would replace the link.</summary>
    private readonly string _path = (
        File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName : null) ?? path;

    /// <summary>The content of the file, which is written only when the ID has changed.</summary>
    private string? _lastEventId;

    /// <summary>Returns the ID in the file; null if there is no file yet.</summary>
    public string? Read()
    {
        if (!File.Exists(_path))
            return null;
        string id = File.ReadAllText(_path).TrimEnd('\r', '\n');
        if (id.AsSpan().ContainsAny('\0', '\r', '\n'))
            throw new IOException($"'{_path}' does not contain an event ID. Use another file, or delete this one.");
        return _lastEventId = id;
    }

    /// <summary>
    /// Replaces the ID. Whenever the process is killed, the file has the old ID or the new one. It is not flushed to
    /// the disk, because that is slow: if the machine fails, some events may be received again.
    /// </summary>
    public void Write(string lastEventId)
    {
        if (lastEventId == _lastEventId)
            return;
        string next = $"{_path}.new";
        File.WriteAllText(next, $"{lastEventId}\n");
        File.Move(next, _path, overwrite: true);
        _lastEventId = lastEventId;
    }
}
