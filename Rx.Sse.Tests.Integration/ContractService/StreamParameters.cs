namespace Rx.Sse.Tests.Integration.ContractService;

/// <summary>What a harness asks for when it opens a stream. Times are milliseconds.</summary>
internal sealed record StreamParameters(
    string? Tag,
    string? CallbackUrl,
    string? StreamUrl,
    double? InitialDelayMs,
    string? LastEventId,
    string? Method,
    string? Body,
    Dictionary<string, string>? Headers,
    double? ReadTimeoutMs);

/// <summary>What a harness asks of an open stream.</summary>
internal sealed record StreamCommand(string? Command);
