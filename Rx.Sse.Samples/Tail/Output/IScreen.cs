namespace Rx.Sse.Samples.Tail.Output;

/// <summary>Shows the events and the state of the connection.</summary>
internal interface IScreen
{
    void Write(SseEvent e);

    /// <summary>Shows any signal except an event.</summary>
    void Show(SseSignal signal);

    /// <summary>Updates what changes with time. Any thread may call it.</summary>
    void Refresh()
    {
    }

    /// <summary>Shows only events from now on. Any thread may call it, also while another one writes.</summary>
    void Close()
    {
    }
}
