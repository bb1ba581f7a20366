using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rx.Sse.Samples.Dashboard.ViewModels;

/// <summary>A price at a time of the server's clock, which is the data of an event.</summary>
public sealed record Quote(string Symbol, double Price, DateTimeOffset Time)
{
    /// <summary>
    /// The type of events with a quote. Their IDs consist of the server's run and a number that increases by one.
    /// </summary>
    public const string EventType = "quote";

    /// <summary>
    /// The type of the event before a new start, which the server sends when it cannot resume after the client's ID.
    /// </summary>
    public const string ResetEventType = "reset";
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Quote))]
public sealed partial class QuoteJson : JsonSerializerContext;
