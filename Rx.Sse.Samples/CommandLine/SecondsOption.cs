using System.CommandLine;
using System.Globalization;

namespace Rx.Sse.Samples;

/// <summary>A time, in seconds.</summary>
internal static class SecondsOption
{
    public static Option<TimeSpan?> Create(string name, string description, TimeSpan otherwise) => new(name)
    {
        Description = string.Create(CultureInfo.InvariantCulture, $"{description} [default: {otherwise.TotalSeconds}]"),
        HelpName = "SECONDS",
        CustomParser = ArgumentValue.Seconds,
    };
}
