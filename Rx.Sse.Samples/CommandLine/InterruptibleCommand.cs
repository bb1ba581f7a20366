using System.CommandLine;

namespace Rx.Sse.Samples;

/// <summary>A command that sees to Ctrl-C itself, because for it that is not always the end.</summary>
internal sealed class InterruptibleCommand(string name, string description) : Command(name, description);
