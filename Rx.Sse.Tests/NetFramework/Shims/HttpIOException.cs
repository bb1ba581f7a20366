namespace System.Net.Http;

/// <summary>Thrown by .NET's handler. To the library, it is like any other <see cref="IOException"/>.</summary>
internal sealed class HttpIOException(HttpRequestError error, string message) : IOException(message)
{
    public HttpRequestError HttpRequestError { get; } = error;
}
