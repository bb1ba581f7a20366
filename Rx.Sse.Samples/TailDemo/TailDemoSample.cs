using System.CommandLine;
using System.Globalization;
using Rx.Sse.Samples.Tail;

namespace Rx.Sse.Samples.TailDemo;

/// <summary>
/// The program 'sse-tail' as a sample. Without a URL, it follows a server that it starts: the orders of a tea house,
/// over connections that are cut.
/// </summary>
internal static class TailDemoSample
{
    private static readonly TimeSpan BetweenEvents = TimeSpan.FromMilliseconds(400);
    private static readonly string[] Teas = ["Assam", "Darjeeling", "Earl Grey", "Genmaicha", "Oolong", "煎茶"];

    public static Command CreateCommand()
    {
        var command = new Command("tail", TailCommand.Description);
        TailCommand.Configure(command, program: "dotnet run --project Rx.Sse.Samples -- tail", FollowTeaHouseAsync);
        return command;
    }

    private static async Task<int> FollowTeaHouseAsync(TailOptions options, CancellationToken cancellation)
    {
        await using var server = new NumberedServer(Block)
        {
            EventsPerConnection = 20,
            Retry = TimeSpan.FromSeconds(3),
            Pace = (_, aborted) => Task.Delay(BetweenEvents, aborted),
        };
        await server.StartAsync(cancellation);
        await Console.Error.WriteLineAsync(
            $"No URL given: following {server.Url}, a server in this program that cuts each connection after "
                + $"{server.EventsPerConnection} events. Ctrl-C ends it.");
        return await TailCommand.RunAsync(server.Url, options, cancellation);
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
