using System.Net.Http.Headers;

namespace Rx.Sse.Headers;

/// <summary>
/// Extracts the media type of a response (Fetch standard, "extract a MIME type"): of all values of <c>Content-Type</c>,
/// the last one that is well-formed.
/// </summary>
internal static class MediaType
{
    /// <summary>Returns the media type without parameters; null if there is none.</summary>
    public static string? Of(HttpResponseMessage response)
    {
        string header = ResponseHeaders.OfContent(response, "Content-Type") ?? "";
        string? last = null;
        int start = 0;
        bool isQuoted = false;
        for (int i = 0; i <= header.Length; i++)
        {
            if (i == header.Length || (header[i] == ',' && !isQuoted))
            {
                last = Essence(header.AsSpan(start, i - start)) ?? last;
                start = i + 1;
            }
            else if (header[i] == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (header[i] == '\\' && isQuoted && i < header.Length - 1)
            {
                i++;
            }
        }

        return last;
    }

    /// <summary>
    /// Returns the media type of one value. White space at the slash is an error, although .NET allows and removes it
    /// when it parses the header, which the build for netstandard2.0 cannot prevent.
    /// </summary>
    private static string? Essence(ReadOnlySpan<char> value)
    {
        int end = value.IndexOf(';');
        string essence = (end < 0 ? value : value[..end]).Trim(" \t".AsSpan()).ToString();
        return essence != "*/*" && essence.IndexOfAny([' ', '\t']) < 0
            && MediaTypeHeaderValue.TryParse(essence, out MediaTypeHeaderValue? parsed)
            ? parsed.MediaType
            : null;
    }
}
