using System.CommandLine;
using System.Globalization;

namespace Rx.Sse.Samples.Chat;

/// <summary>Periods on the command line.</summary>
internal static class Seconds
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public static Option<TimeSpan?> Option(string name, string description, TimeSpan defaultValue) => new(name)
    {
        Description = string.Create(CultureInfo.InvariantCulture, $"{description} [default: {defaultValue.TotalSeconds}]"),
        HelpName = "SECONDS",
        CustomParser = argument =>
        {
            string text = argument.Tokens[0].Value;
            if (double.TryParse(text, CultureInfo.InvariantCulture, out double seconds) && seconds > 0 && seconds <= Longest.TotalSeconds)
                return TimeSpan.FromSeconds(seconds);
            argument.AddError($"{name} takes a number of seconds, more than 0 and at most {Longest.TotalSeconds} (a day), not '{text}'.");
            return null;
        },
    };
}
