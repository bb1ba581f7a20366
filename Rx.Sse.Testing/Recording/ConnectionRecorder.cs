namespace Rx.Sse.Testing.Recording;

/// <summary>
/// Records one connection. Nothing is recorded after its end, no matter which thread reports the end.
/// </summary>
internal sealed class ConnectionRecorder(RecordingWriter recording, int number)
{
    private readonly object _lock = new();
    private bool _isOver;

    public void Bytes(byte[] bytes)
    {
        lock (_lock)
        {
            if (!_isOver)
                recording.Bytes(number, bytes);
        }
    }

    public void End() => Finish(recording.End);

    public void Fail(Exception error) => Finish(number => recording.Fail(number, error));

    public void Leave() => Finish(recording.Leave);

    private void Finish(Action<int> record)
    {
        lock (_lock)
        {
            if (_isOver)
                return;
            _isOver = true;
            record(number);
        }
    }
}
