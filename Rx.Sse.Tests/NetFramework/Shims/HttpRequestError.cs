namespace System.Net.Http;

/// <summary>The values of .NET's enumeration that the golden stories use.</summary>
internal enum HttpRequestError
{
    SecureConnectionError,
    ResponseEnded,
}
