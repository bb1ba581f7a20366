using System.Globalization;
using System.Text;

namespace Rx.Sse.Testing.Scripting;

/// <summary>Events and comments as a server writes them (WHATWG HTML, section 9.2.5).</summary>
internal static class EventText
{
    private const int PreviewLength = 40;

    private static readonly char[] LineEnds = ['\r', '\n'];

    /// <exception cref="ArgumentException">The format cannot represent the event.</exception>
    public static string Of(string data, string? @event, string? id, TimeSpan? retry)
    {
        Throw.IfNull(data);
        if (data.Contains('\r'))
            throw new ArgumentException(
                "Data has no CR: it would arrive as LF. Use Send for a line that ends so.", nameof(data));
        if (@event?.IndexOfAny(LineEnds) >= 0)
            throw new ArgumentException("An event type has no line break.", nameof(@event));
        if (id?.IndexOfAny(LineEnds) >= 0 || id?.Contains('\0') == true)
            throw new ArgumentException(
                "An ID has no line break, and one with NUL would be ignored. "
                + "Use Send to send such a line all the same.",
                nameof(id));
        if (retry < TimeSpan.Zero || retry?.Ticks % TimeSpan.TicksPerMillisecond > 0)
            throw new ArgumentException("A reconnection time is a whole number of milliseconds.", nameof(retry));

        var text = new StringBuilder();
        AppendField("event", @event);
        AppendField("id", id);
        AppendField("retry", (retry?.Ticks / TimeSpan.TicksPerMillisecond)?.ToString(CultureInfo.InvariantCulture));
        foreach (string line in data.Split('\n'))
            AppendField("data", line);
        return text.Append('\n').ToString();

        void AppendField(string name, string? value)
        {
            if (value is not null)
                text.Append(name).Append(": ").Append(value).Append('\n');
        }
    }

    /// <exception cref="ArgumentException">The format cannot represent the comment.</exception>
    public static string OfComment(string comment)
    {
        Throw.IfNull(comment);
        if (comment.Contains('\r'))
            throw new ArgumentException(
                "A comment has no CR: it would end there. Use Send for such a line.", nameof(comment));
        return string.Concat(comment.Split('\n').Select(line => $":{line}\n"));
    }

    /// <summary>Returns the first part of the bytes as a single printable line.</summary>
    public static string Preview(byte[] utf8)
    {
        string text = Encoding.UTF8.GetString(utf8);
        string preview = Printable(text.Take(PreviewLength));
        return text.Length > PreviewLength ? $"{preview}..." : preview;
    }

    /// <summary>Returns the last part of the bytes as a single printable line.</summary>
    public static string PreviewEnd(ReadOnlyMemory<byte> utf8)
    {
        int start = Math.Max(0, utf8.Length - PreviewLength / 2);
        while (start > 0 && (utf8.Span[start] & 0xC0) == 0x80)
            start--;
        string preview = Printable(Encoding.UTF8.GetString(utf8[start..].ToArray()));
        return start > 0 ? $"...{preview}" : preview;
    }

    private static string Printable(IEnumerable<char> text)
    {
        var preview = new StringBuilder();
        foreach (char c in text)
        {
            preview.Append(c switch
            {
                '\n' => @"\n",
                '\r' => @"\r",
                _ when char.IsControl(c) || char.IsSurrogate(c) => $@"\u{(int)c:X4}",
                _ => c.ToString(),
            });
        }

        return preview.ToString();
    }
}
