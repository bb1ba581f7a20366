using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Rx.Sse.Samples;

/// <summary>A colored word or two, and details about it.</summary>
internal readonly record struct StatusText(string State, Color Color, string Details);

/// <summary>The last line on a terminal, which is drawn over itself. Longer text is cut off.</summary>
internal sealed class StatusLine(IAnsiConsole console)
{
    /// <summary>
    /// For the <c>^C</c> of an interrupt, and one that stays empty, because text that reaches the last column may wrap
    /// to the next line, which is not erased.
    /// </summary>
    private const int FreeColumns = 3;

    private static readonly Segment EraseLine = Segment.Control("\r\u001b[2K");

    /// <summary>Returns the status line of a console; null if it is not a terminal or cannot move its cursor.</summary>
    /// <param name="writer">Standard output or standard error.</param>
    public static StatusLine? TryCreate(TextWriter writer)
    {
        var output = new AnsiConsoleOutput(writer);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = output });
        return output.IsTerminal && console.Profile.Capabilities.Ansi ? new StatusLine(console) : null;
    }

    /// <summary>Draws the status in place of the one before, and optional text above it.</summary>
    public void Draw(StatusText status, params IEnumerable<Segment> above)
    {
        string state = $" {status.State} ";
        int columns = console.Profile.Width - FreeColumns - state.Length;
        string details = Crop(TerminalText.Visible($" {status.Details}"), columns);
        Write(
        [
            .. above,
            new Segment(state, new Style(Color.Black, status.Color)),
            new Segment(details, new Style(decoration: Decoration.Dim)),
        ]);
    }

    /// <summary>Removes the status, and writes optional text in its place.</summary>
    public void Erase(params IEnumerable<Segment> instead) => Write(instead);

    /// <summary>Writes everything at once, so that nothing flickers.</summary>
    private void Write(IEnumerable<Segment> segments) => console.Write(new Unwrapped([EraseLine, .. segments]));

    private static string Crop(string text, int columns)
    {
        int length = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            // Marks without a width count too, because otherwise a line of them would have no end.
            columns -= Math.Max(1, rune.ToString().GetCellWidth());
            if (columns < 0)
                break;
            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }

    /// <summary>
    /// Spectre.Console's own text is wrapped. A long line has to be wrapped by the terminal, which then copies it as
    /// one line.
    /// </summary>
    private sealed class Unwrapped(IEnumerable<Segment> segments) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => new(maxWidth, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => segments;
    }
}
