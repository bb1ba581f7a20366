using System.Reactive.Linq;

namespace Rx.Sse.Tests.Documentation;

/// <summary>
/// The first example of the README. It is run as a program of its own, on the package, by the tests of the packages.
/// </summary>
internal static class ReadmeProgram
{
    public static void Run()
    {
        using var client = new HttpClient();
        using IDisposable subscription = Observable
            .FromSse(client, "https://example.com/prices")
            .Where(e => e.Event == "price")
            .Throttle(TimeSpan.FromMilliseconds(100))
            .Subscribe(e => Console.WriteLine(e.Data));
        Console.ReadLine();
    }
}
