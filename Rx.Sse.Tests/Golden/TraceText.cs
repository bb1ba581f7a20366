using System.Globalization;
using System.Text;

namespace Rx.Sse.Tests.Golden;

/// <summary>
/// Formats the text of traces. It does not depend on the runtime, the system or the speed of the machine.
/// </summary>
internal static class TraceText
{
    /// <summary>Transport headers, which say nothing about the library.</summary>
    private static readonly HashSet<string> IgnoredHeaders =
        new(["Content-Length", "Connection", "Transfer-Encoding", "traceparent"], StringComparer.OrdinalIgnoreCase);

    public static (string Kind, string Text) OfNotification(object value) => value switch
    {
        SseConnecting connecting => ("connecting", $"{connecting.Address}{WithId(connecting.LastEventId)}"),
        SseOpened opened => ("opened", $"{(int)opened.StatusCode} {opened.Address}"),
        SseEvent e => ("event", OfEvent(e)),
        SseComment comment => ("comment", Quote(comment.Text)),
        SseDisconnected disconnected => (
            "disconnected",
            $"attempt {disconnected.Attempt} in {OfDelay(disconnected.Delay)}: {OfError(disconnected.Reason)}"),
        _ => ("value", value.ToString()!),
    };

    /// <summary>
    /// The exception types and properties. Messages of the network are left out, because they do not come from the
    /// library.
    /// </summary>
    public static string OfError(Exception error) => TypesOf(error) + error switch
    {
        SseResponseException response => $" {(int)response.StatusCode}, media type {response.MediaType ?? "-"}"
            + (response.RetryAfter is { } retryAfter ? $", retry after {OfDelay(retryAfter)}" : "")
            + (response.Body.Length > 0 ? $", body {Shorten(response.Body)}" : ""),
        SseIdleTimeoutException idle => $" after {OfDelay(idle.IdleTimeout)}",
        SseLimitException limit => $" of {limit.MaxEventSize} bytes",
        _ => "",
    };

    /// <summary>Includes the message where all of it comes from the library.</summary>
    public static string OfFinalError(Exception error) => error switch
    {
        SseConnectionException => OfError(error),
        SseException when error.GetType() != typeof(SseException) => $"{OfError(error)} {Quote(error.Message)}",
        _ => OfError(error),
    };

    /// <summary>The types of the exception and of its inner exception.</summary>
    public static string TypesOf(Exception error) =>
        error.GetType().Name + (error.InnerException is { } cause ? $" ({cause.GetType().Name})" : "");

    public static string OfRequest(
        string method,
        string target,
        IEnumerable<KeyValuePair<string,
        string>> headers,
        string body)
    {
        IEnumerable<string> shown = headers
            .Where(header => !IgnoredHeaders.Contains(header.Key) && header is not { Key: "Host", Value: "localhost" })
            .OrderBy(header => header.Key, StringComparer.OrdinalIgnoreCase)
            .Select(header => $"{header.Key}: {header.Value}");
        return string.Join(
            " | ",
            [$"{method} {target}", .. shown, .. body.Length > 0 ? [$"body {Quote(body)}"] : Array.Empty<string>()]);
    }

    /// <summary>In quotation marks, with invisible characters as escape sequences.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char character in text)
        {
            quoted.Append(character switch
            {
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '"' => "\\\"",
                '\\' => "\\\\",
                '\u00A0' or '\u2028' or '\u2029' or '\uFEFF' or '\uFFFD' => $"\\u{(int)character:X4}",
                _ when char.IsControl(character) => $"\\u{(int)character:X4}",
                _ => character,
            });
        }

        return quoted.Append('"').ToString();
    }

    private static string OfEvent(SseEvent e) =>
        $"type={Word(e.EventType)} id={Word(e.Id)} last={Word(e.LastEventId)} data={Shorten(e.Data)}"
        + (e.Event?.Length == 0 ? " (with an empty event field)" : "")
        + (e.Retry is { } retry ? $" retry={OfDelay(retry)}" : "");

    /// <summary>Without quotation marks where they make no difference.</summary>
    private static string Word(string? text) => text switch
    {
        null => "-",
        "" => "\"\"",
        _ when text.All(char.IsAsciiLetterOrDigit) => text,
        _ => Quote(text),
    };

    /// <summary>Like <see cref="Quote"/>, but with only the beginning of a long text.</summary>
    public static string Shorten(string text) =>
        text.Length <= 200 ? Quote(text) : $"{Quote(text[..20])}... ({text.Length} characters)";

    private static string WithId(string id) => id.Length > 0 ? $", last event ID {Quote(id)}" : "";

    private static string OfDelay(TimeSpan? delay) =>
        delay is { } time ? time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + " s" : "?";
}
