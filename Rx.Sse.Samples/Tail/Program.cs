using System.CommandLine;
using Rx.Sse.Samples;
using Rx.Sse.Samples.Tail;

var root = new RootCommand(TailCommand.Description);
TailCommand.Configure(root, program: "sse-tail");
return await CommandLine.RunAsync(root, args);
