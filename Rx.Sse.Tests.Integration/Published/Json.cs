using System.Text.Json.Serialization;

namespace Rx.Sse.Tests.Integration.Published;

internal sealed record Tick(string Symbol, decimal Price);

internal sealed record Prompt(string Model, string[] Messages);

[JsonSerializable(typeof(Tick))]
[JsonSerializable(typeof(Prompt))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class Json : JsonSerializerContext;
