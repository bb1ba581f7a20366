using System.Text;

namespace Rx.Sse.Http;

/// <summary>The request header that tells the server where to resume (WHATWG HTML, section 9.2.4): the ID in UTF-8.</summary>
internal static class LastEventIdHeader
{
#if NET
    private static readonly bool TakesBytes = OperatingSystem.IsBrowser();
#else
    private static readonly bool TakesBytes =
        System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription.StartsWith(".NET Framework", StringComparison.Ordinal);
#endif

    /// <summary>The text to give to the handler.</summary>
    public static string ValueOf(string lastEventId) => TakesBytes ? OneCharacterPerByte(lastEventId) : lastEventId;

    /// <summary>
    /// Whether the handler refused to send that ID. .NET's own does so before it sends anything, unless it was given
    /// an encoding for the header; the exception then tells of no error on the network.
    /// </summary>
    public static bool IsRefused(HttpRequestException exception, string lastEventId) =>
        !IsAscii(lastEventId)
        && exception.InnerException is null
#if NET
        && exception is { StatusCode: null, HttpRequestError: HttpRequestError.Unknown }
#endif
        ;

    public static bool IsAscii(string text)
    {
        foreach (char character in text)
        {
            if (character > '\x7F')
                return false;
        }

        return true;
    }

    /// <summary>For browsers and .NET Framework, which send the low byte of each character.</summary>
    private static string OneCharacterPerByte(string text) =>
        IsAscii(text) ? text : string.Concat(Encoding.UTF8.GetBytes(text).Select(value => (char)value));
}
