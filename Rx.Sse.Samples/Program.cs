using Rx.Sse.Samples;
using Rx.Sse.Samples.QuickStart;

// Each sample is one line here and one folder beside this file.
Sample[] samples =
[
    new("quick-start", "A stream that is cut in the middle of an event, refused for a moment, and resumed without loss.", QuickStartSample.RunAsync),
];

string name = args.Length == 0 ? samples[0].Name : args[0];
if (name is "help" or "--help" or "-h")
{
    Console.WriteLine("Usage: dotnet run --project Rx.Sse.Samples [-- SAMPLE]\n");
    ListSamples(Console.Out);
    return ExitCode.Success;
}

if (samples.FirstOrDefault(sample => sample.Name == name) is not { } chosen)
{
    Console.Error.WriteLine($"There is no sample '{name}'. These are the samples:\n");
    ListSamples(Console.Error);
    return ExitCode.BadArguments;
}

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    interrupted.Cancel();
};
return await chosen.RunAsync(args[Math.Min(1, args.Length)..], interrupted.Token);

void ListSamples(TextWriter output)
{
    foreach (Sample sample in samples)
        output.WriteLine($"  {sample.Name,-12}  {sample.Summary}");
}
