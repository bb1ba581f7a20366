using System.CommandLine;
using System.Reactive.Concurrency;
using Microsoft.AspNetCore.Builder;
using Rx.Sse.Samples.Tail.Output;

namespace Rx.Sse.Samples.FanOut;

/// <summary>
/// One connection upstream, served again to a thousand followers who come late, are dropped, and miss nothing.
/// </summary>
internal static class FanOutSample
{
    private const int DefaultFollowers = 1_000;
    private const ushort DefaultPort = 5081;
    private static readonly TimeSpan BetweenEvents = TimeSpan.FromMilliseconds(50);

    public static Command CreateCommand()
    {
        var followers = new Option<int?>("--followers")
        {
            Description = $"How many followers the demonstration has. [default: {DefaultFollowers}]",
            HelpName = "N",
            CustomParser = result => ArgumentValue.Integer(result, atLeast: 1, atMost: 10_000),
        };
        var serve = new Option<bool>("--serve")
        {
            Description = "Serves a page for browsers until Ctrl-C, instead of the demonstration.",
        };
        Option<Uri?> upstream = UrlOption.Create(
            "--upstream", "What to serve again until Ctrl-C, instead of the embedded server's events.");
        Option<int?> port = PortOption.Create(DefaultPort);

        var command = new Command(
            "fan-out",
            "One connection upstream for a thousand followers, who come late, are dropped, and miss nothing.")
        {
            followers,
            serve,
            upstream,
            port,
        };
        command.SetAction((result, cancellation) =>
            result.GetValue(upstream) is { } url ? ServeAsync(url, result.GetValue(port) ?? DefaultPort, cancellation)
            : result.GetValue(serve) ? ServeNumbersAsync(result.GetValue(port) ?? DefaultPort, cancellation)
            : FanOutDemonstration.RunAsync(result.GetValue(followers) ?? DefaultFollowers, cancellation));
        return command;
    }

    /// <summary>Events without end, from a server that cuts each connection after a while.</summary>
    public static NumberedServer CreateUpstream() =>
        new(id => $"event: number\ndata: {id} squared is {(long)id * id}\n")
        {
            EventsPerConnection = 60,
            Pace = (_, cancellation) => Task.Delay(BetweenEvents, cancellation),
        };

    private static async Task<int> ServeNumbersAsync(int port, CancellationToken cancellation)
    {
        await using NumberedServer upstream = CreateUpstream();
        await upstream.StartAsync(cancellation);
        return await ServeAsync(upstream.Url, port, cancellation);
    }

    private static async Task<int> ServeAsync(Uri upstream, int port, CancellationToken cancellation)
    {
        using var client = new HttpClient();
        var options = new SseOptions
        {
            Reconnection = SseReconnection.Default with
            {
                OnRetry = retry =>
                {
                    Report(retry.Outcome.Exception!, $"Trying again in {retry.RetryDelay.TotalSeconds:0.0} s.");
                    return default;
                },
            },
        };
        var relay = new Relay(
            client, upstream, options, Scheduler.Default, failure => Report(failure, "Nothing more will come."));
        await using WebApplication server = RelayServer.Create(relay, new Everybody(), port);
        await server.StartAsync(cancellation);
        Console.WriteLine($"Open {server.Address()} in a few browser windows. Ctrl-C ends it.");
        try
        {
            await Task.Delay(Timeout.Infinite, cancellation);
        }
        catch (OperationCanceledException)
        {
            await server.StopAtOnceAsync();
        }

        return ExitCode.Success;
    }

    private static void Report(Exception failure, string then) =>
        Console.Error.WriteLine($"upstream   {TerminalText.Visible(CommandLine.InWords(failure))} {then}");
}
