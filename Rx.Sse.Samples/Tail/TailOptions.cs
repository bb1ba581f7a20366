namespace Rx.Sse.Samples.Tail;

/// <summary>The options of one run.</summary>
internal sealed record TailOptions
{
    public EventFormat Format { get; init; } = EventFormats.Pretty;

    /// <summary>The event types to write; empty for all.</summary>
    public IReadOnlyCollection<string> Events { get; init; } = [];

    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>The content of the request; null for none.</summary>
    public string? Data { get; init; }

    /// <summary>Whether any server certificate is accepted.</summary>
    public bool IsInsecure { get; init; }

    public IReadOnlyCollection<RequestHeader> Headers { get; init; } = [];

    /// <summary>The ID of the event to resume after; empty to start at the beginning.</summary>
    public string LastEventId { get; init; } = "";

    /// <summary>The file that keeps the last event ID; null for none.</summary>
    public SinceFile? SinceFile { get; init; }

    /// <summary>The number of events after which to stop; null for no limit.</summary>
    public int? Count { get; init; }

    /// <summary>The time after which to stop; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>
    /// How many attempts in a row may fail. Null for no limit, but then the first connection must succeed.
    /// </summary>
    public int? Retries { get; init; }

    /// <summary>The file in which the connections are recorded; null for none.</summary>
    public string? Recording { get; init; }
}
