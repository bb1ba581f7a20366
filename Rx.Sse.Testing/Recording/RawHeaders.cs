using System.Net.Http.Headers;

namespace Rx.Sse.Testing.Recording;

/// <summary>
/// Returns headers as they were transmitted, one item per header line. Other ways of reading headers in .NET change
/// their text.
/// </summary>
internal static class RawHeaders
{
    public static IEnumerable<(string Name, string Value)> Of(HttpHeaders headers)
    {
#if NET
        foreach ((string name, HeaderStringValues values) in headers.NonValidated)
        {
            foreach (string value in values)
                yield return (name, value);
        }
#else
        foreach (KeyValuePair<string, IEnumerable<string>> header in headers)
        {
            foreach (string value in header.Value)
                yield return (header.Key, value);
        }
#endif
    }
}
