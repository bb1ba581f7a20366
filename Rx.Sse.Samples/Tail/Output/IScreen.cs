namespace Rx.Sse.Samples.Tail.Output;

/// <summary>Where the events go, and what happens to the connection.</summary>
internal interface IScreen
{
    void Write(SseEvent e);

    /// <summary>Anything but an event.</summary>
    void Show(SseSignal signal);

    /// <summary>Time has passed.</summary>
    void Refresh();

    /// <summary>Nothing is to come any more. May be called while another thread writes.</summary>
    void Close();
}
