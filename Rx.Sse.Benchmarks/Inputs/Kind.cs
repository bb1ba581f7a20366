namespace Rx.Sse.Benchmarks.Inputs;

/// <summary>Describes a kind of stream. The defaults are those of a plain stream of JSON messages.</summary>
internal sealed record Kind(string Name)
{
    /// <summary>Gets the fields of a block in order, with <see cref="Field.Data"/> exactly once.</summary>
    public Field[] Fields { get; init; } = [Field.Data];

    public string LineEnd { get; init; } = "\n";

    public bool SpaceAfterColon { get; init; } = true;

    public IdForm Id { get; init; }

    /// <summary>Gets the mean number of comments before an event.</summary>
    public int Comments { get; init; }

    public bool BlankLineAfterComment { get; init; }

    public Payload Payload { get; init; }

    public Script Script { get; init; } = Script.Ascii;

    /// <summary>Gets the maximum number of data lines in an event; the minimum is half of it.</summary>
    public int DataLines { get; init; } = 1;

    /// <summary>Gets the mean size of a block of <see cref="Payload.Text"/>, in bytes.</summary>
    public int EventSize { get; init; } = 250;
}
