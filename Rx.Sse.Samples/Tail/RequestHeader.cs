namespace Rx.Sse.Samples.Tail;

/// <summary>A header of the request, as the user has written it.</summary>
internal sealed record RequestHeader(string Name, string Value)
{
    /// <summary>Reads <c>Name: value</c>, as curl does.</summary>
    /// <param name="text">What the user has written.</param>
    /// <param name="error">Why that is no header to send.</param>
    public static RequestHeader? Parse(string text, out string error)
    {
        error = "";
        if (text.Split(':', 2, StringSplitOptions.TrimEntries) is not [var name, var value])
            error = $"'{text}' is not a header. Write it as \"Name: value\".";
        else if (name.Equals("Last-Event-ID", StringComparison.OrdinalIgnoreCase))
            error = "Last-Event-ID changes with every event. Say where to begin with --last-event-id.";
        else if (value.Any(char.IsControl) || !new HttpRequestMessage().Headers.TryAddWithoutValidation(name, value))
            error = $"'{name}' cannot be sent as a header of a GET request with that value.";
        else
            return new RequestHeader(name, value);
        return null;
    }
}
