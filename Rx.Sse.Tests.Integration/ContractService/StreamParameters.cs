namespace Rx.Sse.Tests.Integration.ContractService;

/// <summary>The parameters with which a test harness opens a stream. Times are in milliseconds.</summary>
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

/// <summary>A command of a test harness for an open stream.</summary>
internal sealed record StreamCommand(string? Command);
