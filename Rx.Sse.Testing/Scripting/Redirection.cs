using System.Net;

namespace Rx.Sse.Testing.Scripting;

/// <summary>Follows redirects like .NET's <c>SocketsHttpHandler</c>.</summary>
internal static class Redirection
{
    /// <summary>The default of <c>SocketsHttpHandler.MaxAutomaticRedirections</c>.</summary>
    public const int MaxCount = 50;

    /// <summary>The default of <c>SocketsHttpHandler.ResponseDrainTimeout</c>.</summary>
    public static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Returns the address to which a response redirects; null if it is not a redirect, or one that is not followed.
    /// </summary>
    public static Uri? AddressOf(HttpResponseMessage response)
    {
        if ((int)response.StatusCode is not (300 or 301 or 302 or 303 or 307 or 308)
            || response.Headers.Location is not { } location)
            return null;

        Uri before = response.RequestMessage!.RequestUri!;
        Uri address = location.IsAbsoluteUri ? location : new Uri(before, location);
        if (IsSecure(before) && !IsSecure(address))
            return null;

        // A Location without a fragment inherits the fragment of the request's address (RFC 9110, section 10.2.2).
        return before.Fragment.Length > 0 && address.Fragment.Length == 0
            ? new UriBuilder(address) { Fragment = before.Fragment.TrimStart('#') }.Uri
            : address;
    }

    /// <summary>Changes the request into the one that follows the redirect to that address.</summary>
    public static void Apply(HttpRequestMessage request, HttpStatusCode status, Uri address)
    {
        request.RequestUri = address;
        request.Headers.Authorization = null;

        bool becomesGet = (int)status switch
        {
            300 or 301 or 302 => request.Method == HttpMethod.Post,
            303 => request.Method != HttpMethod.Get && request.Method != HttpMethod.Head,
            _ => false,
        };
        if (!becomesGet)
            return;
        request.Method = HttpMethod.Get;
        request.Content = null;
        if (request.Headers.TransferEncodingChunked == true)
            request.Headers.TransferEncodingChunked = false;
    }

    private static bool IsSecure(Uri address) => address.Scheme is "https" or "wss";
}
