namespace Rx.Sse.Benchmarks.Throughput;

/// <summary>The measured values of one kind, from its process.</summary>
internal sealed record ThroughputFigures
{
    /// <summary>Gets the mean number of bytes per event.</summary>
    public required double EventSize { get; init; }

    public required double NonAsciiShare { get; init; }

    /// <summary>Gets the speed relative to the platform's parser, with strings.</summary>
    public required double Strings { get; init; }

    public required double Typed { get; init; }

    /// <summary>Gets the bytes allocated per event, with strings.</summary>
    public required double StringsAllocation { get; init; }

    public required double TypedAllocation { get; init; }

    public double StringsFloor => Floors.Strings(EventSize, NonAsciiShare);

    public double TypedFloor => Floors.Typed(EventSize);

    public bool MissesStringsFloor => Floors.IsMissed(Strings, StringsFloor);

    public bool MissesTypedFloor => Floors.IsMissed(Typed, TypedFloor);
}
