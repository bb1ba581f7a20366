using BenchmarkDotNet.Running;
using Rx.Sse.Benchmarks;
using Rx.Sse.Benchmarks.Inputs;
using Rx.Sse.Benchmarks.Throughput;

// dotnet run -c Release --project Rx.Sse.Benchmarks -- COMMAND
return args switch
{
    ["throughput", .. var arguments] => ThroughputTable.Print(arguments),
    ["end-to-end", .. var patterns] => EndToEndTable.Print(patterns),
    ["first-event"] => FirstEventTable.Print(),
    ["idle", .. var streams] => IdleTable.Print(streams is [var count] ? int.Parse(count, null) : 5_000),
    ["storm"] => StormTable.Print(),

    // Parts of the commands above that run in separate processes.
    ["throughput-row", var kind, .. var options] => ThroughputRow.Run(kind, ThroughputArguments.Parse(options)),
    ["throughput-bytes", var kind, .. var options] => SingleByteRow.Run(kind, ThroughputArguments.Parse(options)),
    ["throughput-bare", var kind, .. var options] => BareLoopRow.Run(kind, ThroughputArguments.Parse(options)),
    ["end-to-end-row", var kind] => await EndToEndTable.PrintThroughputAsync(kind),
    ["end-to-end-latency"] => await EndToEndTable.PrintLatencyAsync(),
    ["first-event-cell", var client, var address] => await FirstEventCell.RunAsync(client, address),
    ["first-parse-cell", var client] => await FirstEventCell.ParseAsync(client),
    ["serve"] => await BenchmarkServer.RunAsync(),
    ["idle-cell", var client, var http, var count, var address] =>
        await IdleCell.RunAsync(client, http, int.Parse(count, null), address),

    [] => Help(),
    _ => Switch(),
};

static int Help()
{
    Console.WriteLine("""
        throughput [OPTION...] [KIND...]  the parser beside the platform's, as ratios, for each kind of input
            --seed N                      what the input is generated from
            --chunk BYTES                 the size of the chunks, 16384 by default
            --random COUNT                how many random kinds there are, 6 by default
            --quick                       fewer turns
        end-to-end [KIND...]              the same over HTTP on the loopback interface, and latency
        first-event                       how long the first event takes in a new process
        idle [COUNT]                      memory that idle streams hold, 5,000 of them by default
        storm                             how 5,000 streams that are dropped at once come back
        --filter '*' ...                  single benchmarks, with the options of BenchmarkDotNet

        KIND is a name, or a part of names, of these kinds:

        """ + string.Join('\n', Kinds.All().Select(kind => kind.Name)));
    return 0;
}

int Switch()
{
    BenchmarkSwitcher.FromAssembly(typeof(ParserBenchmarks).Assembly).Run(args);
    return 0;
}
