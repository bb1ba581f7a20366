using System.Text;
#if !NET
using System.Runtime.InteropServices;
#endif

namespace Rx.Sse.Http;

/// <summary>
/// Encodes the value of the <c>Last-Event-ID</c> header (WHATWG HTML, section 9.2.4), which is in UTF-8.
/// </summary>
internal static class LastEventIdHeader
{
#if NET
    private static readonly bool SendsLowBytes = OperatingSystem.IsBrowser();
#else
    private static readonly bool SendsLowBytes =
        RuntimeInformation.FrameworkDescription.StartsWith(".NET Framework", StringComparison.Ordinal);
#endif

    /// <summary>Returns the text to pass to the handler.</summary>
    public static string ValueOf(string lastEventId) => SendsLowBytes ? OneCharacterPerByte(lastEventId) : lastEventId;

    /// <summary>
    /// Determines whether .NET's handler has refused a header that is not ASCII, which happens before it sends
    /// anything. Only the message of the exception shows it, or the resource key where an application is trimmed
    /// without messages. Over HTTP/3, it is an inner exception.
    /// </summary>
    public static bool IsNotEncoded(Exception? exception) =>
        exception is HttpRequestException
        && exception.GetBaseException().Message
            is "Request headers must contain only ASCII characters." or "net_http_request_invalid_char_encoding";

    public static bool IsAscii(string text) => text.All(character => character <= '\x7F');

    /// <summary>Encodes the ID for browsers and .NET Framework, which send the low byte of each character.</summary>
    private static string OneCharacterPerByte(string text) =>
        string.Concat(Encoding.UTF8.GetBytes(text).Select(value => (char)value));
}
