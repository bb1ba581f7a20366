namespace Rx.Sse.Samples.Tail;

/// <summary>
/// A file that holds the ID of the last event that was written, for the next run to go on after it. An event is noted
/// after it has been written: a run that is killed in between writes it again, and none is lost.
/// </summary>
internal sealed class SinceFile(string path)
{
    /// <summary>A file that is put in the place of a link would cut it off from what others read.</summary>
    private readonly string _path = (
        File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName : null) ?? path;

    /// <summary>What the file holds, so that it is written only when there is something new.</summary>
    private string? _lastEventId;

    /// <summary>The ID in the file; null if there is no file yet.</summary>
    public string? Read()
    {
        if (!File.Exists(_path))
            return null;
        string id = File.ReadAllText(_path).TrimEnd('\r', '\n');
        if (id.AsSpan().ContainsAny('\0', '\r', '\n'))
            throw new IOException($"'{_path}' does not hold an event ID. Name another file, or delete this one.");
        return _lastEventId = id;
    }

    /// <summary>
    /// The file always has the old ID or the new one as a whole, also if this process is killed. If the machine fails,
    /// an event may be received again: flushing the disk after each event would cost more.
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
