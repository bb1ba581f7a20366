using System.CommandLine;

namespace Rx.Sse.Samples;

/// <summary>Where a sample listens.</summary>
internal static class PortOption
{
    public static Option<int?> Create(ushort otherwise) => new("--port")
    {
        Description = $"Where to listen; 0 is any free port. [default: {otherwise}]",
        HelpName = "PORT",
        CustomParser = result => ArgumentValue.Integer(result, atLeast: 0, atMost: ushort.MaxValue),
    };
}
