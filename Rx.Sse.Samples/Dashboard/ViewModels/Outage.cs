namespace Rx.Sse.Samples.Dashboard.ViewModels;

/// <summary>A period without a connection, by this machine's clock.</summary>
public sealed record Outage(DateTimeOffset From, DateTimeOffset To);
