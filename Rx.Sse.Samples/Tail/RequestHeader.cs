namespace Rx.Sse.Samples.Tail;

/// <summary>A header of the request, as the user has written it.</summary>
internal sealed record RequestHeader(string Name, string Value)
{
    /// <summary>Reads <c>Name: value</c>, as curl does.</summary>
    /// <param name="text">What the user has written.</param>
    /// <param name="hasContent">Whether the request has content, and so the headers of content.</param>
    /// <param name="error">Why that is no header to send.</param>
    public static RequestHeader? Parse(string text, bool hasContent, out string error)
    {
        error = "";
        if (text.Split(':', 2, StringSplitOptions.TrimEntries) is not [var name, var value])
            error = $"'{text}' is not a header. Write it as \"Name: value\".";
        else if (name.Equals("Last-Event-ID", StringComparison.OrdinalIgnoreCase))
            error = "Last-Event-ID changes with every event. Say where to begin with --last-event-id.";
        else if (value.Any(char.IsControl) || !new RequestHeader(name, value).TryAddTo(NewMessage()))
            error = $"'{name}' cannot be sent as a header with that value.";
        else if (!hasContent && !new RequestHeader(name, value).TryAddTo(new HttpRequestMessage()))
            error = $"'{name}' is a header of the content. Use it with --data.";
        else
            return new RequestHeader(name, value);
        return null;
    }

    /// <summary>Adds the header to a message, or to its content if it is one of those.</summary>
    public bool TryAddTo(HttpRequestMessage message)
    {
        if (message.Headers.TryAddWithoutValidation(Name, Value))
            return true;
        message.Content?.Headers.Remove(Name);
        return message.Content?.Headers.TryAddWithoutValidation(Name, Value) ?? false;
    }

    private static HttpRequestMessage NewMessage() => new() { Content = new ByteArrayContent([]) };
}
