using System.Globalization;

namespace Rx.Sse.Testing.Recording;

/// <summary>The words of a recording. docs/recordings.md describes the format.</summary>
internal static class RecordingFormat
{
    public const string Name = "rx-sse-recording";
    public const int Version = 1;

    public const string Request = "request", Response = "response", Bytes = "bytes";
    public const string End = "end", Error = "error", Leave = "leave";

    /// <summary>In place of a value that may be a secret.</summary>
    public const string LeftOut = "(left-out)";

    /// <summary>Returns a time with no more digits than it needs.</summary>
    public static string OfTime(TimeSpan time)
    {
        string text = time.ToString("c", CultureInfo.InvariantCulture);
        return text.Contains('.') && time.Ticks % TimeSpan.TicksPerSecond != 0 ? text.TrimEnd('0') : text;
    }

    /// <summary>Reads a time. It has a colon, because .NET takes a number alone for days.</summary>
    public static bool TryParseTime(string text, out TimeSpan time)
    {
        time = default;
        return text.Contains(':')
            && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out time)
            && time >= TimeSpan.Zero;
    }
}
