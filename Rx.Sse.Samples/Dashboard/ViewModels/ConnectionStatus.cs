namespace Rx.Sse.Samples.Dashboard.ViewModels;

/// <summary>What is to be said of the connection at one moment.</summary>
public sealed record ConnectionStatus(ConnectionState State)
{
    /// <summary>How long is left until the next attempt; only while waiting for it.</summary>
    public TimeSpan Left { get; init; }

    /// <summary>How long that wait is in all.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Which attempt in a row that will be, from 1.</summary>
    public int Attempt { get; init; }

    /// <summary>Why the connection was lost.</summary>
    public string Reason { get; init; } = "";
}

public enum ConnectionState
{
    Connecting,
    Live,
    Waiting,

    /// <summary>Given up, for a reason.</summary>
    Failed,

    /// <summary>The server has said that there is no more.</summary>
    Completed,
}
