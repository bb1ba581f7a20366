using System.Text;
#if !NET
using System.Runtime.InteropServices;
#endif

namespace Rx.Sse.Http;

/// <summary>
/// The request header that tells the server where to resume (WHATWG HTML, section 9.2.4): the ID in UTF-8.
/// </summary>
internal static class LastEventIdHeader
{
#if NET
    private static readonly bool TakesBytes = OperatingSystem.IsBrowser();
#else
    private static readonly bool TakesBytes =
        RuntimeInformation.FrameworkDescription.StartsWith(".NET Framework", StringComparison.Ordinal);
#endif

    /// <summary>The text to give to the handler.</summary>
    public static string ValueOf(string lastEventId) => TakesBytes ? OneCharacterPerByte(lastEventId) : lastEventId;

    /// <summary>
    /// Whether .NET's handler refused to send a header because it was not told how to encode it. It does so before it
    /// sends anything. Only the text of the exception tells, or its key where texts are trimmed away; over HTTP/3 it is
    /// an inner exception.
    /// </summary>
    public static bool IsNotEncoded(Exception? exception) =>
        exception is HttpRequestException
        && exception.GetBaseException().Message
            is "Request headers must contain only ASCII characters." or "net_http_request_invalid_char_encoding";

    public static bool IsAscii(string text) => text.All(character => character <= '\x7F');

    /// <summary>For browsers and .NET Framework, which send the low byte of each character.</summary>
    private static string OneCharacterPerByte(string text) =>
        string.Concat(Encoding.UTF8.GetBytes(text).Select(value => (char)value));
}
