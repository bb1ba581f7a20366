using System.Runtime.InteropServices;
using System.Text;

namespace Rx.Sse.Testing.Scripting;

/// <summary>Rejects what .NET's <c>SocketsHttpHandler</c> refuses to send, with the same exceptions.</summary>
internal static class HandlerRules
{
    private const string SendError = "An error occurred while sending the request.";

    private static readonly string[] Schemes = ["http", "https", "ws", "wss"];

    /// <summary>
    /// The handler of .NET Framework sends one byte for every character, even for non-ASCII characters.
    /// </summary>
    private static readonly bool TakesAnyCharacter =
        RuntimeInformation.FrameworkDescription.StartsWith(".NET Framework", StringComparison.Ordinal);

    /// <exception cref="InvalidOperationException">The address is missing or relative.</exception>
    /// <exception cref="NotSupportedException">The scheme is not http, https, ws or wss.</exception>
    public static void CheckAddress(HttpRequestMessage request)
    {
        if (request.RequestUri is not { IsAbsoluteUri: true } address)
        {
            throw new InvalidOperationException(
                "An invalid request URI was provided. "
                + "Either the request URI must be an absolute URI or BaseAddress must be set.");
        }

        if (!Schemes.Contains(address.Scheme))
            throw new NotSupportedException($"The '{address.Scheme}' scheme is not supported.");
    }

    /// <summary>Encodes the headers as the handler does.</summary>
    /// <exception cref="HttpRequestException">A header cannot be sent.</exception>
    public static void EncodeHeaders(
        HttpRequestMessage request,
        Dictionary<string, string> headers,
        Func<string, HttpRequestMessage, Encoding?>? encodingSelector)
    {
        if (request is { Content: null, Headers.TransferEncodingChunked: true })
        {
            throw new HttpRequestException(SendError, new InvalidOperationException(
                "'Transfer-Encoding: chunked' header can not be used when content object is not specified."));
        }

        foreach (KeyValuePair<string, string> header in headers.ToArray())
        {
            if (encodingSelector?.Invoke(header.Key, request) is { } encoding)
                headers[header.Key] = encoding.GetString(encoding.GetBytes(header.Value));
            else if (!TakesAnyCharacter && header.Value.Any(character => character > '\x7F'))
                throw new HttpRequestException("Request headers must contain only ASCII characters.");
        }
    }

    /// <summary>Returns the bytes that the content writes.</summary>
    /// <exception cref="HttpRequestException">Writing failed, or did not match the content length.</exception>
    /// <exception cref="SseScriptException">The content is not in memory.</exception>
    public static byte[] Serialize(HttpContent content)
    {
        var bytes = new MemoryStream();
        try
        {
            // Not ReadAsByteArrayAsync, which buffers the content, so that a content that can be read only once could
            // be resent.
            Task copy = content.CopyToAsync(bytes);
            if (copy.IsCompleted)
                copy.GetAwaiter().GetResult();
            else
                throw new SseScriptException(
                    "The body of the request is not there at once, and virtual time cannot wait for it. "
                    + $"Give the {content.GetType().Name} bytes that are in memory.");
        }
        catch (InvalidOperationException exception) when (exception is not SseScriptException)
        {
            throw new HttpRequestException(SendError, exception);
        }

        long length = content.Headers.ContentLength ?? bytes.Length;
        if (bytes.Length > length)
        {
            throw new HttpRequestException(
                "Unable to write content to request stream; content would exceed Content-Length.");
        }

        if (bytes.Length < length)
        {
            throw new HttpRequestException(
                $"Sent {bytes.Length} request content bytes, but Content-Length promised {length}.");
        }

        return bytes.ToArray();
    }
}
