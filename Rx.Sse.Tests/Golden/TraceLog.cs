using System.Globalization;

namespace Rx.Sse.Tests.Golden;

/// <summary>The lines of an act's trace, in the order in which things happened.</summary>
internal sealed class TraceLog(StoryClock clock)
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Adds earlier things that have not been added yet.</summary>
    public Action CatchUp { get; set; } = () => { };

    public void Add(string kind, string text = "")
    {
        CatchUp();
        Add(clock.Time, kind, text);
    }

    /// <summary>Adds a line for something that happened at the given time.</summary>
    public void Add(TimeSpan time, string kind, string text)
    {
        string line = FormattableString.Invariant(
            $"{time.TotalSeconds,9:0.000}  {kind,-13} {text}").TrimEnd();
        lock (_lock)
            _lines.Add(line);
    }

    public void AddConnection(int number, TimeSpan? opened, TimeSpan? closed, string? closedBy)
    {
        string line = FormattableString.Invariant(
            $"           connection {number}: {Opened()}, {Closed()}");
        lock (_lock)
            _lines.Add(line);

        string Opened() => opened is { } time ? $"opened {Seconds(time)}" : "not answered";

        string Closed() => closed is { } time ? $"closed {Seconds(time)} by the {closedBy}" : "not closed";
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);
}
