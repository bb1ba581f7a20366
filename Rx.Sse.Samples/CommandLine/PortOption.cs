using System.CommandLine;

namespace Rx.Sse.Samples;

/// <summary>The port that a sample listens on.</summary>
internal static class PortOption
{
    public static Option<int?> Create(ushort defaultPort) => new("--port")
    {
        Description = $"The port to listen on; 0 for any free port. [default: {defaultPort}]",
        HelpName = "PORT",
        CustomParser = result => ArgumentValue.Integer(result, atLeast: 0, atMost: ushort.MaxValue),
    };
}
