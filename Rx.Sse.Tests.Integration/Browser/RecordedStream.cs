using System.Text;

namespace Rx.Sse.Tests.Integration.Browser;

/// <summary>The bytes of one response, split into chunks.</summary>
internal sealed record RecordedStream(string Name, IReadOnlyList<byte[]> Chunks)
{
    public byte[] Bytes { get; } = [.. Chunks.SelectMany(chunk => chunk)];

    public static RecordedStream Text(string name, params string[] chunks) =>
        new(name, [.. chunks.Select(Encoding.UTF8.GetBytes)]);

    /// <summary>Creates a stream from chunks in which each character stands for one byte.</summary>
    public static RecordedStream Latin1(string name, params string[] chunks) =>
        new(name, [.. chunks.Select(Encoding.Latin1.GetBytes)]);

    public override string ToString() => Name;
}
