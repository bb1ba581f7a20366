using BenchmarkDotNet.Running;
using Rx.Sse.Benchmarks;

// dotnet run -c Release --project Rx.Sse.Benchmarks -- COMMAND
return args switch
{
    ["throughput", .. var arguments] => ThroughputTable.Print(arguments),
    ["end-to-end", .. var corpora] => EndToEndTable.Print(corpora),
    ["first-event"] => FirstEventTable.Print(),
    ["idle", .. var streams] => IdleTable.Print(streams is [var count] ? int.Parse(count, null) : 5_000),
    ["storm"] => StormTable.Print(),

    // Parts of the above that run in processes of their own.
    ["throughput-row", var corpus, var chunkSize] => ThroughputTable.PrintCorpus(corpus, int.Parse(chunkSize, null)),
    ["throughput-bytes", var corpus] => ThroughputTable.PrintSmallChunks(corpus),
    ["end-to-end-row", var corpus] => await EndToEndTable.PrintThroughputAsync(corpus),
    ["end-to-end-latency"] => await EndToEndTable.PrintLatencyAsync(),
    ["first-event-cell", var client, var address] => await FirstEventCell.RunAsync(client, address),
    ["first-parse-cell", var client] => await FirstEventCell.ParseAsync(client),
    ["serve"] => await BenchmarkServer.RunAsync(),
    ["idle-cell", var client, var http, var count, var address] => await IdleCell.RunAsync(client, http, int.Parse(count, null), address),

    [] => Help(),
    _ => Switch(),
};

static int Help()
{
    Console.WriteLine("""
        throughput [BYTES] [CORPUS...]   the parser beside the platform's own and two lower bounds, as ratios, in chunks of 16384 bytes by default
        end-to-end [CORPUS...]           the same over HTTP on the loopback interface, and latency
        first-event                      how long the first event takes in a new process
        idle [COUNT]                     memory that idle streams hold, 5,000 of them by default
        storm                            how 5,000 streams that are dropped at once come back
        --filter '*' ...                 single benchmarks, with the options of BenchmarkDotNet

        Corpora: 
        """ + string.Join(", ", Corpus.Names));
    return 0;
}

int Switch()
{
    BenchmarkSwitcher.FromAssembly(typeof(ParserBenchmarks).Assembly).Run(args);
    return 0;
}
