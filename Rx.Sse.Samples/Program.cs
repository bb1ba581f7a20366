using System.CommandLine;
using Rx.Sse.Samples;
using Rx.Sse.Samples.Chat;
using Rx.Sse.Samples.Dashboard;
using Rx.Sse.Samples.FanOut;
using Rx.Sse.Samples.QuickStart;
using Rx.Sse.Samples.Resume;
using Rx.Sse.Samples.TailDemo;

// Each sample is a command here, and a folder beside this file.
Command quickStart = QuickStartSample.CreateCommand();
var samples = new RootCommand(
    "Samples of Rx.Sse. Each one starts its own server, unless you pass the address of another.")
{
    quickStart,
    DashboardSample.CreateCommand(),
    ChatSample.CreateCommand(),
    FanOutSample.CreateCommand(),
    TailDemoSample.CreateCommand(),
    ResumeSample.CreateCommand(),
};
samples.SetAction(async (_, cancellation) =>
{
    int exitCode = await QuickStartSample.RunAsync(cancellation);
    Console.WriteLine("\nThe other samples:\n");
    foreach (Command sample in samples.Subcommands.Where(sample => sample != quickStart))
        Console.WriteLine($"  {sample.Name,-10}  {sample.Description}");
    Console.WriteLine(
        "\nRun one with 'dotnet run --project Rx.Sse.Samples -- NAME', and see its options with '-- NAME --help'.");
    return exitCode;
});

// 'help chat' is the same as 'chat --help'.
return await CommandLine.RunAsync(samples, args is ["help", .. var rest] ? [.. rest, "--help"] : args);
