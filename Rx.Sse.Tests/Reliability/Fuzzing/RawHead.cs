using System.Text;

namespace Rx.Sse.Tests.Reliability.Fuzzing;

/// <summary>A response as the bytes of a connection.</summary>
/// <param name="Bytes">The head, or what claims to be one, and the body.</param>
/// <param name="IsGood">Whether it is unusual but valid: an event stream with one event.</param>
internal sealed record RawHead(byte[] Bytes, bool IsGood)
{
    public override string ToString() =>
        $"{(IsGood ? "good" : "bad")}, {Convert.ToHexString(Bytes)} "
            + $"({Encoding.Latin1.GetString(Bytes, 0, Math.Min(Bytes.Length, 2_000))})";
}
