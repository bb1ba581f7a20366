using System.Text;

namespace System.Net.Http;

/// <summary>Holds the settings of golden stories, which the scripted server applies.</summary>
internal sealed class SocketsHttpHandler : HttpClientHandler
{
    public Func<string, HttpRequestMessage, Encoding?>? RequestHeaderEncodingSelector { get; set; }
}
