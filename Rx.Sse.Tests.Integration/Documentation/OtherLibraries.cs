namespace Rx.Sse.Tests.Integration.Documentation;

/// <summary>
/// Programs with the examples of docs/clients.md for other libraries of observables. The tests of the packages build
/// and run them, because a reference to these libraries would affect all other tests here.
/// </summary>
internal static class OtherLibraries
{
    /// <summary>The placeholder for the server's address.</summary>
    public const string Url = "http://server.example/";

    public const string OnR3 = """
        using R3;
        using Rx.Sse;

        using var client = new HttpClient();
        string url = "http://server.example/";

        using IDisposable subscription = SseObservable.FromSse(client, url)
            .ToObservable()   // R3's
            .Select(e => e.Data)
            .Subscribe(data => Console.WriteLine(data));
        Console.ReadLine();
        """;

    public const string OnPrimitives = """
        using ReactiveUI.Primitives;
        using Rx.Sse;

        using var client = new HttpClient();
        string url = "http://server.example/";

        using IDisposable subscription = SseObservable.FromSse(client, url)
            .Where(e => e.EventType == "price")
            .Subscribe(e => Console.WriteLine(e.Data));
        Console.ReadLine();
        """;

    /// <summary>Returns a program that uses the operators of System.Reactive.</summary>
    /// <param name="usings">Directives that come first.</param>
    public static string OnReactive(string usings) => $$"""
        {{usings}}
        using Rx.Sse;

        using var client = new HttpClient();
        string url = "http://server.example/";

        using IDisposable subscription = Observable.FromSse(client, url)
            .Where(e => e.EventType == "price")
            .Subscribe(e => Console.WriteLine(e.Data));
        Console.ReadLine();
        """;
}
