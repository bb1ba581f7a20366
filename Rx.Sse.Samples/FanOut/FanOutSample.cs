using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Reactive.Concurrency;
using Microsoft.AspNetCore.Builder;
using Rx.Sse.Samples.FanOut.Redis;
using Rx.Sse.Samples.Tail.Output;
using StackExchange.Redis;

namespace Rx.Sse.Samples.FanOut;

/// <summary>
/// One connection upstream, served again to a thousand followers who come late, are dropped, and miss nothing.
/// </summary>
internal static class FanOutSample
{
    private const int DefaultFollowers = 1_000;
    private const ushort DefaultPort = 5081;
    public const int DefaultHistory = 10_000;
    private static readonly TimeSpan DefaultLease = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShutdownTime = TimeSpan.FromSeconds(5);
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
        var history = new Option<int?>("--history")
        {
            Description = $"How many events are kept for followers who come back. [default: {DefaultHistory}]",
            HelpName = "N",
            CustomParser = result => ArgumentValue.Integer(result, atLeast: 1, atMost: 10_000_000),
        };
        var redis = new Option<ConfigurationOptions?>("--redis")
        {
            Description = "Keeps the events in Redis, where several relays of one upstream share them.",
            HelpName = "HOST:PORT",
            CustomParser = RedisConfiguration,
        };
        Option<TimeSpan?> lease = SecondsOption.Create(
            "--lease",
            "With --redis: after how long without a sign of life another relay takes over.",
            DefaultLease,
            atLeast: 1);

        var command = new Command(
            "fan-out",
            "One connection upstream for a thousand followers, who come late, are dropped, and miss nothing.")
        {
            followers,
            serve,
            upstream,
            port,
            history,
            redis,
            lease,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(redis) is not null && result.GetResult(upstream) is null)
                result.AddError("--redis needs --upstream, which is the same for all relays.");
            if (result.GetResult(lease) is not null && result.GetResult(redis) is null)
                result.AddError("--lease needs --redis.");
        });
        command.SetAction(async (result, cancellation) =>
        {
            int servedAt = result.GetValue(port) ?? DefaultPort;
            int kept = result.GetValue(history) ?? DefaultHistory;
            if (result.GetValue(upstream) is { } url)
            {
                if (result.GetValue(redis) is not { } configuration)
                    return await ServeAsync(url, new MemoryLog(kept, Scheduler.Default), servedAt, cancellation);
                await using RedisLog log = await RedisLog.ConnectAsync(
                    configuration,
                    RedisLogStream.NameOf(url),
                    kept,
                    result.GetValue(lease) ?? DefaultLease,
                    what => Report("relay", what));
                return await ServeAsync(url, log, servedAt, cancellation);
            }

            if (!result.GetValue(serve))
                return await FanOutDemonstration.RunAsync(result.GetValue(followers) ?? DefaultFollowers, cancellation);
            await using NumberedServer numbers = CreateUpstream();
            await numbers.StartAsync(cancellation);
            return await ServeAsync(numbers.Url, new MemoryLog(kept, Scheduler.Default), servedAt, cancellation);
        });
        return command;
    }

    /// <summary>Events without end, from a server that cuts each connection after a while.</summary>
    public static NumberedServer CreateUpstream() =>
        new(id => $"event: number\ndata: {id} squared is {(long)id * id}\n")
        {
            EventsPerConnection = 60,
            Pace = (_, cancellation) => Task.Delay(BetweenEvents, cancellation),
        };

    private static async Task<int> ServeAsync(Uri upstream, IEventLog log, int port, CancellationToken cancellation)
    {
        // An upstream may use any text as event IDs.
        using var client = new HttpClient(
            new SocketsHttpHandler { RequestHeaderEncodingSelector = SseRequest.HeaderEncoding });
        var options = new SseOptions
        {
            Reconnection = SseReconnection.Default with
            {
                OnRetry = retry =>
                {
                    Report("upstream", Explain(retry.Outcome.Exception, retry.RetryDelay));
                    return default;
                },
            },
        };
        var relay = new Relay(
            client,
            upstream,
            options,
            log,
            Scheduler.Default,
            failure => Report("upstream", Explain(failure, Relay.Pause)));
        await using WebApplication server = RelayServer.Create(relay, new OpenConnections(), port);
        await server.StartAsync(cancellation);
        Console.WriteLine($"Open {server.Address()} in a few browser windows. Ctrl-C ends it.");
        await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // The responses end. A follower that has not read the rest in time is cut off.
        using var patience = new CancellationTokenSource(ShutdownTime);
        await server.StopAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ExitCode.Success;
    }

    private static ConfigurationOptions? RedisConfiguration(ArgumentResult result)
    {
        string text = result.Tokens.Single().Value;
        try
        {
            if (ConfigurationOptions.Parse(text) is { EndPoints.Count: > 0 } configuration)
                return configuration;
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException)
        {
        }

        // It is not shown, because it may have a password.
        result.AddError("--redis needs HOST:PORT, or another configuration string of StackExchange.Redis.");
        return null;
    }

    private static string Explain(Exception? failure, TimeSpan delay)
    {
        string what = failure is null ? "There are no more events for now." : CommandLine.InWords(failure);
        return string.Create(CultureInfo.InvariantCulture, $"{what} Trying again in {delay.TotalSeconds:0.0} s.");
    }

    private static void Report(string about, string what) =>
        Console.Error.WriteLine($"{about,-10} {TerminalText.Visible(what)}");
}
