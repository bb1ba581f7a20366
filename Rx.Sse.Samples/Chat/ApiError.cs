using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rx.Sse.Samples.Chat;

/// <summary>
/// An error as both APIs put it, in the body of a response that is refused and in the midst of a stream.
/// </summary>
internal sealed record ApiError(ApiErrorDetail? Error)
{
    /// <summary>The provider's own words; null if there are none to be found.</summary>
    public static string? MessageIn(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ApiErrorJson.Default.ApiError)?.Error?.Message;
        }
        catch (JsonException)
        {
            // A page of some proxy, say.
            return null;
        }
    }
}

internal sealed record ApiErrorDetail(string? Type, string? Message)
{
    public ChatException ToException() =>
        new(Message ?? Type ?? "The provider reports an error, but does not say which.");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ApiError))]
internal sealed partial class ApiErrorJson : JsonSerializerContext;
