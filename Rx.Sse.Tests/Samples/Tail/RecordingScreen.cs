using Rx.Sse.Samples.Tail.Output;

namespace Rx.Sse.Tests.Samples.Tail;

/// <summary>Records what it is asked to show.</summary>
internal sealed class RecordingScreen : IScreen
{
    public List<string> Data { get; } = [];

    public List<SseSignal> Signals { get; } = [];

    public int Refreshes { get; private set; }

    public void Write(SseEvent e) => Data.Add(e.Data);

    public void Show(SseSignal signal) => Signals.Add(signal);

    public void Refresh() => Refreshes++;
}
