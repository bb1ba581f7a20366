using System.CommandLine.Parsing;
using System.Globalization;

namespace Rx.Sse.Samples;

/// <summary>Parses the value of an argument, or adds an error that says what is expected.</summary>
internal static class ArgumentValue
{
    /// <summary>The longest time that .NET's timers and <see cref="SseOptions.IdleTimeout"/> support.</summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromDays(24);

    public static Uri? Url(ArgumentResult result)
    {
        string text = result.Tokens.Single().Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https")
            return url;
        result.AddError(text.Contains("://", StringComparison.Ordinal)
            ? $"'{text}' is not the address of a web server. It must start with http:// or https://."
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
        string limit = atMost < int.MaxValue ? $" and at most {atMost}" : "";
        AddError(result, $"must be a whole number of at least {atLeast}{limit}");
        return null;
    }

    public static TimeSpan? Seconds(ArgumentResult result) => Seconds(result, atLeast: 0);

    public static TimeSpan? Seconds(ArgumentResult result, int atLeast)
    {
        string text = result.Tokens.Single().Value;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
            && seconds > 0
            && seconds >= atLeast
            && seconds <= MaxTime.TotalSeconds)
            return TimeSpan.FromSeconds(seconds);
        string minimum = atLeast > 0 ? $"at least {atLeast}" : "more than 0";
        AddError(result, $"must be a number of seconds, {minimum} and at most {MaxTime.TotalSeconds}");
        return null;
    }

    private static void AddError(ArgumentResult result, string rule) => result.AddError(
        $"{((OptionResult)result.Parent!).Option.Name} {rule}, but is '{result.Tokens.Single().Value}'.");
}
