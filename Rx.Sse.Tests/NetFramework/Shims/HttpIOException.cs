namespace System.Net.Http;

/// <summary>What .NET's handler throws. To the library it is an <see cref="IOException"/> like any other.</summary>
internal sealed class HttpIOException(HttpRequestError error, string message) : IOException(message)
{
    public HttpRequestError HttpRequestError { get; } = error;
}
