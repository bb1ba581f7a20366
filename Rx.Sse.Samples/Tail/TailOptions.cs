namespace Rx.Sse.Samples.Tail;

/// <summary>What becomes of an event.</summary>
internal enum TailFormat
{
    Pretty,
    Json,
    Raw,
}

/// <summary>What was asked for on the command line.</summary>
internal sealed record TailOptions
{
    public TailFormat Format { get; init; }

    /// <summary>The types of the events that are wanted; empty for all.</summary>
    public IReadOnlyCollection<string> Events { get; init; } = [];

    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>The content of the request; null for none.</summary>
    public string? Data { get; init; }

    /// <summary>Whether any server certificate is accepted.</summary>
    public bool IsInsecure { get; init; }

    public IReadOnlyCollection<RequestHeader> Headers { get; init; } = [];

    /// <summary>Where to begin.</summary>
    public string LastEventId { get; init; } = "";

    /// <summary>Where to note how far it came; null for nowhere.</summary>
    public SinceFile? SinceFile { get; init; }

    public int? Count { get; init; }

    public TimeSpan? Timeout { get; init; }

    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>How many attempts in a row may fail; null for any number, once there was a connection.</summary>
    public int? Retries { get; init; }

    /// <summary>The file in which the connections are recorded; null for none.</summary>
    public string? Recording { get; init; }
}
