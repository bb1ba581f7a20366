using Rx.Sse.Tests.Reliability;
using Rx.Sse.Tests.Reliability.Safety;
using Rx.Sse.Tests.Reliability.Soak;

// dotnet run -c Release --project Rx.Sse.Tests/Reliability -- COMMAND
using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    interrupted.Cancel();
};

return args switch
{
    ["fuzz", .. var options] => await FuzzCommand.RunAsync(options),
    ["safety", .. var options] => SafetyCommand.Run(options),
    ["soak", .. var options] => await SoakCommand.RunAsync(options, Console.Out, Console.Error, interrupted.Token),
    ["help" or "--help" or "-h"] => Help(Console.Out, ExitCode.Success),
    [] => Help(Console.Error, ExitCode.BadArguments),
    [var unknown, ..] => Unknown(unknown),
};

static int Help(TextWriter output, int exitCode)
{
    output.WriteLine($"""
        What takes longer than a test may. Commands:

        {FuzzCommand.Help}

        {SafetyCommand.Help}

        {SoakCommand.Summary}
        soak --help says more.
        """);
    return exitCode;
}

static int Unknown(string command)
{
    Console.Error.WriteLine($"There is no command '{command}'; --help lists them.");
    return ExitCode.BadArguments;
}
