namespace Rx.Sse.Samples.Tail;

/// <summary>A header of the request or of its content.</summary>
internal sealed record RequestHeader(string Name, string Value)
{
    /// <summary>Parses <c>Name: value</c>, as curl does; null if there is no colon.</summary>
    public static RequestHeader? Parse(string text) =>
        text.Split(':', 2, StringSplitOptions.TrimEntries) is [var name, var value] ? new(name, value) : null;

    /// <summary>Returns why a header cannot be sent; null if it can.</summary>
    /// <param name="text">The header, as <c>Name: value</c>.</param>
    /// <param name="hasContent">Whether the request has content, and so can have headers of content.</param>
    public static string? FindError(string text, bool hasContent)
    {
        using var content = new ByteArrayContent([]);
        if (Parse(text) is not { } header)
            return $"'{text}' is not a header. Write it as \"Name: value\".";
        if (header.Name.Equals("Last-Event-ID", StringComparison.OrdinalIgnoreCase))
            return "Last-Event-ID changes with every event. Use --last-event-id to set where to start.";
        if (header.Value.Any(char.IsControl) || !header.TryAddTo(new HttpRequestMessage { Content = content }))
            return $"'{header.Name}' cannot be sent as a header with that value.";
        return hasContent || header.TryAddTo(new HttpRequestMessage())
            ? null
            : $"'{header.Name}' is a header of the content. Use it with --data.";
    }

    /// <summary>Adds the header to a message, or to its content if it is a header of content.</summary>
    public bool TryAddTo(HttpRequestMessage message)
    {
        if (message.Headers.TryAddWithoutValidation(Name, Value))
            return true;
        message.Content?.Headers.Remove(Name);
        return message.Content?.Headers.TryAddWithoutValidation(Name, Value) ?? false;
    }
}
