using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rx.Sse.Samples.Dashboard.ViewModels;

/// <summary>A price at a moment of the server's, as it comes in the data of an event.</summary>
public sealed record Quote(string Symbol, double Price, DateTimeOffset Time)
{
    /// <summary>
    /// The type of the events that bring a quote. Their IDs are the server's run and a number that counts up by one.
    /// </summary>
    public const string EventType = "quote";

    /// <summary>
    /// The type of the event that says: what you last had is not known here any more, this is a new beginning.
    /// </summary>
    public const string ResetEventType = "reset";
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Quote))]
public sealed partial class QuoteJson : JsonSerializerContext;
