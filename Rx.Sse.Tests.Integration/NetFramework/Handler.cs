using System.Reflection;

namespace Rx.Sse.Tests.Integration.NetFramework;

/// <summary>
/// An HTTP handler of the platform. Mono has two: its own, which is the default, and one based on HttpWebRequest.
/// </summary>
internal sealed record Handler(string Name, bool TakesNonAscii, Func<HttpClientHandler> Create)
{
    public static IEnumerable<Handler> All
    {
        get
        {
            Type? inner = typeof(HttpClientHandler).Assembly.GetType("System.Net.Http.MonoWebRequestHandler");
            yield return new Handler("default handler", TakesNonAscii: inner is null, () => new HttpClientHandler());
            if (inner is not null)
                yield return new Handler("handler over HttpWebRequest", TakesNonAscii: true, () => Wrap(inner));
        }
    }

    /// <summary>Gets or sets the handler that the checks use.</summary>
    public static Handler Current { get; set; } = All.First();

    public HttpClient CreateClient() => new(Create());

    /// <summary>Uses reflection, because the constructor that takes another handler is not public.</summary>
    private static HttpClientHandler Wrap(Type inner) => (HttpClientHandler)Activator.CreateInstance(
        typeof(HttpClientHandler),
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic,
        null,
        [Activator.CreateInstance(inner, nonPublic: true)],
        null)!;
}
