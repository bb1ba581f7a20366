namespace Rx.Sse.Samples.Dashboard.ViewModels;

/// <summary>The state of the connection at one moment.</summary>
public sealed record ConnectionStatus(ConnectionState State)
{
    /// <summary>The time left until the next attempt; only while waiting.</summary>
    public TimeSpan Left { get; init; }

    /// <summary>The length of the whole wait.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The number of the next attempt in this outage, from 1.</summary>
    public int Attempt { get; init; }

    /// <summary>Why the connection was lost.</summary>
    public string Reason { get; init; } = "";
}

public enum ConnectionState
{
    Connecting,
    Live,
    Waiting,

    /// <summary>The stream has failed; there are no more attempts.</summary>
    Failed,

    /// <summary>The server has ended the stream for good.</summary>
    Completed,
}
