using System.CommandLine;
using System.Globalization;
using Rx.Sse.Samples.Tail;

namespace Rx.Sse.Samples.TailDemo;

/// <summary>
/// The program 'sse-tail' as a sample, with something to follow where the user names nothing: a tea house's orders,
/// over connections that are cut.
/// </summary>
internal static class TailDemoSample
{
    private static readonly TimeSpan BetweenEvents = TimeSpan.FromMilliseconds(400);
    private static readonly string[] Teas = ["Assam", "Darjeeling", "Earl Grey", "Genmaicha", "Oolong", "煎茶"];

    public static Command CreateCommand()
    {
        var command = new Command("tail", TailCommand.Description);
        TailCommand.Configure(command, usage: "dotnet run --project Rx.Sse.Samples -- tail", StartServerAsync);
        return command;
    }

    private static async Task<IDemoServer> StartServerAsync(CancellationToken cancellation)
    {
        var server = new NumberedServer(Block)
        {
            EventsPerConnection = 20,
            Retry = TimeSpan.FromSeconds(3),
            Pace = (_, aborted) => Task.Delay(BetweenEvents, aborted),
        };
        await server.StartAsync(cancellation);
        return server;
    }

    private static string Block(int number)
    {
        string tea = Teas[number % Teas.Length];
        return (number % 9) switch
        {
            0 => $"event: receipt\ndata: table {number % 7 + 1}\ndata:   1 {tea}\ndata:   1 scone\n",
            3 or 7 => $"event: served\ndata: {tea}\n",
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"event: ordered\ndata: "
                    + $"{{\"tea\":\"{tea}\",\"table\":{number % 7 + 1},\"price\":{3 + number % 4}.50}}\n"),
        };
    }
}
