namespace Rx.Sse.Tests.Reliability.Soak;

/// <summary>
/// Runs many streams for minutes, with random faults, and checks whether anything is lost or duplicated, and whether
/// anything grows.
/// </summary>
internal static class SoakCommand
{
    public const string Summary =
        "soak   many streams for minutes, with faults at random: memory, handles, and what was lost or doubled";

    private const string Usage = """
        Usage: dotnet run -c Release --project Rx.Sse.Tests/Reliability -- soak [OPTIONS]

          --streams N   how many streams, up to 10000 (200)
          --minutes M   for how long (5)
          --seed S      what the faults are chosen from, 0 or more (1)

        Prints a row every ten seconds, one before the streams are opened, one after they have been closed, and a
        summary. Server, proxies and clients are all in this one process. The exit code is 1 if an event was lost,
        doubled, damaged or out of order, or if a stream ended or got stuck.
        """;

    private const int WarmUpStreams = 8;

    private static readonly TimeSpan BetweenRows = TimeSpan.FromSeconds(10);

    /// <summary>Long enough for any outage: a stream without an event in this time will not get another one.</summary>
    private static readonly TimeSpan TimeForOneMoreEvent = TimeSpan.FromMinutes(2);

    public static async Task<int> RunAsync(
        string[] arguments, TextWriter output, TextWriter error, CancellationToken interruption)
    {
        if (arguments is ["--help" or "-h", ..])
        {
            await output.WriteLineAsync(Usage);
            return ExitCode.Success;
        }

        if (!SoakOptions.TryParse(arguments, out SoakOptions? options, out string? mistake))
        {
            await error.WriteLineAsync(mistake);
            return ExitCode.BadArguments;
        }

        await WarmUpAsync(options);
        await using SoakRun run = await SoakRun.StartAsync(options);
        var table = new SoakTable(run, output);
        table.WriteHead();
        table.WriteRow("before");
        run.OpenStreams(options.Streams);
        await WriteRowsAsync(table, TimeSpan.FromMinutes(options.Minutes), interruption);
        int stuck = await run.CountStuckAsync(TimeForOneMoreEvent);
        await run.CloseStreamsAsync();
        table.WriteRow("after");
        return table.WriteSummary(stuck) ? ExitCode.Success : ExitCode.Failure;
    }

    /// <summary>
    /// Loads everything that is loaded on first use, so that the first row can be compared with the last one.
    /// </summary>
    private static async Task WarmUpAsync(SoakOptions options)
    {
        await using SoakRun run = await SoakRun.StartAsync(options);
        run.OpenStreams(WarmUpStreams);
        await run.CountStuckAsync(TimeForOneMoreEvent);
    }

    private static async Task WriteRowsAsync(SoakTable table, TimeSpan time, CancellationToken interruption)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(interruption);
        end.CancelAfter(time);
        using var timer = new PeriodicTimer(BetweenRows);
        try
        {
            while (await timer.WaitForNextTickAsync(end.Token))
                table.WriteRow();
        }
        catch (OperationCanceledException)
        {
            table.WriteRow();
        }
    }
}
