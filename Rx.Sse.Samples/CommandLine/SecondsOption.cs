using System.CommandLine;
using System.Globalization;

namespace Rx.Sse.Samples;

/// <summary>An option with a time in seconds.</summary>
internal static class SecondsOption
{
    public static Option<TimeSpan?> Create(
        string name, string description, TimeSpan defaultTime, int atLeast = 0)
    {
        description = string.Create(
            CultureInfo.InvariantCulture, $"{description} [default: {defaultTime.TotalSeconds}]");
        return new Option<TimeSpan?>(name)
        {
            Description = description,
            HelpName = "SECONDS",
            CustomParser = result => ArgumentValue.Seconds(result, atLeast),
        };
    }
}
