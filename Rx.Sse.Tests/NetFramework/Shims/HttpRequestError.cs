namespace System.Net.Http;

/// <summary>Those of .NET's errors that the golden stories name.</summary>
internal enum HttpRequestError
{
    SecureConnectionError,
    ResponseEnded,
}
