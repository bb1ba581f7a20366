using System.Globalization;
using System.Text.RegularExpressions;

namespace Rx.Sse.Testing.Recording;

/// <summary>The keywords of a recording. docs/recordings.md describes the format.</summary>
internal static class RecordingFormat
{
    public const string Name = "rx-sse-recording";
    public const int Version = 1;

    public const string Request = "request", Response = "response", Bytes = "bytes";
    public const string End = "end", Error = "error", Leave = "leave";

    /// <summary>Replaces a value that may be a secret.</summary>
    public const string LeftOut = "(left-out)";

    private const int MaxDecimals = 7;

    /// <summary>The maximum numbers of digits of days and hours keep every time below a thousand years.</summary>
    private static readonly Regex Time = new(
        @"^((?<days>[0-9]{1,5})\.)?(?<hours>[0-9]{1,6}):(?<minutes>[0-9]{2}):(?<seconds>[0-9]{2})"
        + @"(\.(?<fraction>[0-9]{1,7}))?$");

    /// <summary>Formats a time without unnecessary digits.</summary>
    public static string OfTime(TimeSpan time)
    {
        string text = time.ToString("c", CultureInfo.InvariantCulture);
        return text.Contains('.') && time.Ticks % TimeSpan.TicksPerSecond != 0 ? text.TrimEnd('0') : text;
    }

    /// <summary>Parses a time. <see cref="TimeSpan"/> itself would read 25 hours as 25 days.</summary>
    public static bool TryParseTime(string text, out TimeSpan time)
    {
        time = default;
        Match match = Time.Match(text);
        if (!match.Success)
            return false;
        string fraction = match.Groups["fraction"].Value.PadRight(MaxDecimals, '0');
        time = TimeSpan.FromDays(Number("days")) + TimeSpan.FromHours(Number("hours"))
            + TimeSpan.FromMinutes(Number("minutes")) + TimeSpan.FromSeconds(Number("seconds"))
            + TimeSpan.FromTicks(long.Parse(fraction, CultureInfo.InvariantCulture));
        return true;

        int Number(string group) =>
            match.Groups[group].Success ? int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) : 0;
    }
}
