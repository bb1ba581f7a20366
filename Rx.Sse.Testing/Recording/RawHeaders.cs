using System.Net.Http.Headers;

namespace Rx.Sse.Testing.Recording;

/// <summary>
/// Headers as they are on the wire, a line each. .NET changes the text of a header that is read in another way.
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
