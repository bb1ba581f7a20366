using System.CommandLine;

namespace Rx.Sse.Samples;

/// <summary>A command that handles Ctrl-C itself, because it does not always end there.</summary>
internal sealed class InterruptibleCommand(string name, string description) : Command(name, description);
