using Rx.Sse.Tests.Reliability;

// dotnet run -c Release --project Rx.Sse.Tests/Reliability -- COMMAND
return args switch
{
    ["fuzz", .. var options] => await FuzzCommand.RunAsync(options),
    ["--help" or "-h"] => Help(Console.Out, 0),
    [] => Help(Console.Error, 2),
    [var unknown, ..] => Unknown(unknown),
};

static int Help(TextWriter output, int exitCode)
{
    output.WriteLine($"""
        What takes longer than a test may. Commands:

        {FuzzCommand.Help}
        """);
    return exitCode;
}

static int Unknown(string command)
{
    Console.Error.WriteLine($"There is no command '{command}'; --help lists them.");
    return 2;
}
