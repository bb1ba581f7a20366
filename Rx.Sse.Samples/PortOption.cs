using System.CommandLine;
using System.Globalization;

namespace Rx.Sse.Samples;

/// <summary>Where a sample listens.</summary>
internal static class PortOption
{
    public static Option<ushort> Create(ushort otherwise) => new("--port")
    {
        Description = "Where to listen; 0 is any free port.",
        DefaultValueFactory = _ => otherwise,
        CustomParser = result =>
        {
            if (!ushort.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out ushort number))
                result.AddError($"--port is a number from 0 to {ushort.MaxValue}, not '{result.Tokens[0].Value}'.");
            return number;
        },
    };
}
