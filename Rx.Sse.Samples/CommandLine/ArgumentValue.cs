using System.CommandLine.Parsing;
using System.Globalization;

namespace Rx.Sse.Samples;

/// <summary>What is written after an option, read; or a sentence that says what it should be.</summary>
internal static class ArgumentValue
{
    /// <summary>What timers can wait for, and the library for a silent server.</summary>
    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(24);

    public static Uri? Url(ArgumentResult result)
    {
        string text = result.Tokens.Single().Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https")
            return url;
        result.AddError(text.Contains("://", StringComparison.Ordinal)
            ? $"'{text}' is not an address of a web server. It begins with http:// or https://."
            : $"'{text}' is not an address. Did you mean http://{text}?");
        return null;
    }

    public static int? Integer(ArgumentResult result, int atLeast, int atMost = int.MaxValue)
    {
        string text = result.Tokens.Single().Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number >= atLeast
            && number <= atMost)
            return number;
        result.AddError(
            $"'{text}' cannot be the value of {((OptionResult)result.Parent!).Option.Name}. Give a whole number, at "
                + $"least {atLeast}{(atMost < int.MaxValue ? $" and at most {atMost}" : "")}.");
        return null;
    }

    public static TimeSpan? Seconds(ArgumentResult result)
    {
        string text = result.Tokens.Single().Value;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
            && seconds > 0
            && seconds <= LongestTime.TotalSeconds)
            return TimeSpan.FromSeconds(seconds);
        result.AddError(
            $"'{text}' cannot be the value of {((OptionResult)result.Parent!).Option.Name}. Give seconds, more than 0 "
                + $"and at most {LongestTime.TotalSeconds}.");
        return null;
    }
}
