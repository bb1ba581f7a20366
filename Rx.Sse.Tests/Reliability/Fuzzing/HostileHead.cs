using System.Net;
using Rx.Sse.Testing;

namespace Rx.Sse.Tests.Reliability.Fuzzing;

/// <summary>A response as a message in memory, and the expected outcome.</summary>
internal sealed record HostileHead(
    int Status, ContentType ContentType, RetryAfter RetryAfter, (string Name, string Value)[] Headers, string Body)
{
    private const int LongestBody = 64 * 1024;

    private bool IsTransient => Status is 408 or 425 or 429 or (>= 500 and <= 599 and not (501 or 505 or 511));

    public SseScript Script => Headers
        .Aggregate(
            SseTest.OpenStream().WithStatus((HttpStatusCode)Status).WithContentType(ContentType.Text),
            (script, header) => script.WithHeader(header.Name, header.Value))
        .Send(TimeSpan.Zero, Body)
        .Close(TimeSpan.Zero);

    /// <summary>The expected outcome up to the next connection.</summary>
    public string Outcome => this switch
    {
        { Status: 204 } => "completed",
        { Status: 200, ContentType.IsEventStream: true, IsEncoded: false } =>
            "opened, SseEndOfStreamException after 3 s",
        { IsTransient: true } => $"SseResponseException {Status} with {Text} after {Delay} s",
        _ => $"failed with SseResponseException {Status} with {Text}",
    };

    private bool IsEncoded => Headers
        .Where(header => header.Name == "Content-Encoding")
        .SelectMany(header => header.Value.Split(','))
        .Any(encoding => encoding.Trim() is not ("" or "identity"));

    /// <summary>The part of the body that is kept. A 304 has no body.</summary>
    private string Text =>
        DescriptionOf(IsEncoded || Status == 304 ? "" : Body[..Math.Min(Body.Length, LongestBody)]);

    private double Delay => Math.Min(Math.Max(3, RetryAfter.Seconds ?? 0), int.MaxValue / 1000.0);

    public static string DescriptionOf(string body) =>
        $"{body.Length} characters ({string.GetHashCode(body, StringComparison.Ordinal)})";

    public override string ToString() =>
        $"{Status}, Content-Type '{ContentType.Text}', "
            + $"{string.Join(", ", Headers.Select(header => $"{header.Name} '{header.Value}'"))}, {Body.Length} "
            + "characters";
}

/// <param name="Text">The value of the header; null for no header.</param>
/// <param name="IsEventStream">Whether it says that the body is an event stream.</param>
internal sealed record ContentType(string? Text, bool IsEventStream);

/// <param name="Text">The value of the header; null for no header.</param>
/// <param name="Seconds">The delay that it asks for; null if it cannot be understood.</param>
internal sealed record RetryAfter(string? Text, double? Seconds);
