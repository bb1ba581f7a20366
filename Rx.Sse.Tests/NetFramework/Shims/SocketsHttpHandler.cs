using System.Text;

namespace System.Net.Http;

/// <summary>Holds the settings that golden stories make, which the scripted server follows.</summary>
internal sealed class SocketsHttpHandler : HttpClientHandler
{
    public Func<string, HttpRequestMessage, Encoding?>? RequestHeaderEncodingSelector { get; set; }
}
