using System.CommandLine;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;

namespace Rx.Sse.Samples.QuickStart;

/// <summary>
/// Subscribes to a server that cuts the connection in the middle of an event and is down for a while, and checks that
/// every event arrives once, in order.
/// </summary>
internal static class QuickStartSample
{
    /// <summary>About three times as long as the sample takes.</summary>
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    public static Command CreateCommand()
    {
        var command = new Command(
            "quick-start",
            "Resume a stream that is cut in the middle of an event, while its server is down for two seconds.");
        command.SetAction((_, cancellation) => RunAsync(cancellation));
        return command;
    }

    public static async Task<int> RunAsync(CancellationToken cancellation)
    {
        var log = new Log();
        await using var server = new PriceServer(log);
        Task serving = server.RunAsync(cancellation);
        Uri url = await server.Url.WaitAsync(cancellation);

        using var client = new HttpClient();
        IObservable<SseEvent> prices = Observable.FromSse(client, url, new SseOptions
        {
            // The default policy, with a line in the log for each retry.
            Reconnection = SseReconnection.Default with
            {
                OnRetry = retry =>
                {
                    log.Write(
                        "client",
                        $"retry {retry.AttemptNumber + 1} in {retry.RetryDelay.TotalSeconds:0.0} s, because: "
                            + $"{retry.Outcome.Exception?.Message}");
                    return default;
                },
            },
        });

        IList<SseEvent> received = await prices
            .Do(e => log.Write(e.EventType, $"#{e.Id,-2}  {e.Data}"))
            .TakeUntil(e => e.Event == "done")
            .Timeout(TimeLimit)
            .ToList()
            .ToTask(cancellation);
        await serving;
        return Summarize(received, server);
    }

    private static int Summarize(IList<SseEvent> received, PriceServer server)
    {
        List<string?> ids = [.. received.Select(e => e.Id)];
        List<string> expected = [.. Enumerable.Range(1, PriceServer.EventCount).Select(id => $"{id}")];
        int lost = expected.Except(ids).Count();
        int doubled = ids.Count - ids.Distinct().Count();
        bool isComplete = ids.SequenceEqual(expected);

        Console.WriteLine();
        Console.WriteLine(
            $"{ids.Count} of {expected.Count} events over {server.Connections} connections: {lost} lost, {doubled} "
                + "received twice.");
        Console.WriteLine(isComplete
            ? $"The stream was cut inside event {PriceServer.CutAt} and resumed after event {PriceServer.CutAt - 1}.\n"
                + $"The first retry waited for the server's {PriceServer.ReconnectionTime.TotalSeconds} s plus jitter, "
                + "and each further one about twice as long."
            : "These are not the events that the server sent.");
        return isComplete && server.Connections > 1 ? ExitCode.Success : ExitCode.Failure;
    }
}
