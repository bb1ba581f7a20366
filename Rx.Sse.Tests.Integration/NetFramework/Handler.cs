using System.Reflection;

namespace Rx.Sse.Tests.Integration.NetFramework;

/// <summary>
/// A handler that the platform has. Mono has two: one of its own, which is the default, and one over HttpWebRequest.
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

    /// <summary>Gets or sets the one that the checks run on.</summary>
    public static Handler Current { get; set; } = All.First();

    public HttpClient CreateClient() => new(Create());

    /// <summary>The constructor that takes another handler is not public.</summary>
    private static HttpClientHandler Wrap(Type inner) => (HttpClientHandler)Activator.CreateInstance(
        typeof(HttpClientHandler),
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic,
        null,
        [Activator.CreateInstance(inner, nonPublic: true)],
        null)!;
}
