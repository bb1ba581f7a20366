using System.Text.RegularExpressions;
using Microsoft.Reactive.Testing;
using Rx.Sse.Samples;
using Rx.Sse.Samples.Tail;
using Rx.Sse.Samples.Tail.Output;
using Spectre.Console;
using static System.TimeSpan;

namespace Rx.Sse.Tests.Samples.Tail;

/// <summary>What is drawn on a terminal, apart from colours.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed partial class TerminalScreenTests : IDisposable
{
    private const string Erase = "\r\u001b[2K";

    private readonly StringWriter _output = new();
    private readonly TestScheduler _scheduler = new();
    private readonly TerminalScreen _screen;

    public TerminalScreenTests()
    {
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.Yes,
                ColorSystem = ColorSystemSupport.TrueColor,
                Out = new AnsiConsoleOutput(_output),
            });
        console.Profile.Width = 40;
        _screen = new TerminalScreen(new StatusLine(console), EventFormats.Raw(isForTerminal: true), _scheduler);
    }

    public void Dispose() => _output.Dispose();

    [Test]
    public void Write_Live_PutsTheEventAboveTheStatus()
    {
        _screen.Show(new SseOpened());
        _screen.Write(new SseEvent { Data = "[b]a\u001b[2J" });
        _screen.Close();

        Assert.That(
            Drawn(),
            Is.EqualTo($"{Erase} live  0.0 events/s, 0 so far{Erase}[b]a␛[2J\n live  1.0 events/s, 1 so far{Erase}"));
    }

    [Test]
    public void Write_LongLine_IsNotWrapped()
    {
        string data = new('x', 200);

        _screen.Write(new SseEvent { Data = data });

        Assert.That(Drawn(), Does.Contain(data));
    }

    /// <summary>Cropping reads only as many characters as the line has columns.</summary>
    [TestCase("x")]
    [TestCase("\u0301")]
    public void Write_HugeId_LeavesThreeColumnsFree(string character)
    {
        string id = string.Concat(Enumerable.Repeat(character, 200_000));
        _screen.Show(new SseOpened());

        for (int i = 0; i < 100; i++)
            _screen.Write(new SseEvent { Data = "a", LastEventId = id });

        Assert.That(Drawn().Split('\n')[^1], Has.Length.LessThanOrEqualTo(37));
    }

    [Test]
    public void Show_LongReason_LeavesThreeColumnsFree()
    {
        _screen.Show(
            new SseDisconnected
            {
                Reason = new SseConnectionException(
                    "The connection is lost.", new IOException("漢漢漢漢漢漢漢漢漢漢😀😀😀\u001b[2J")),
                Delay = FromSeconds(3),
            });

        string line = Drawn()[Erase.Length..];
        Assert.That(line, Does.StartWith(" reconnecting in 3 s  because 漢").And.None.EqualTo('\u001b'));
        Assert.That(line.GetCellWidth(), Is.EqualTo(37).Or.EqualTo(36));
    }

    [Test]
    public void Refresh_NothingNew_DrawsNothing()
    {
        _screen.Show(new SseDisconnected { Reason = new SseEndOfStreamException(), Delay = FromSeconds(3) });
        string drawn = Drawn();

        _screen.Refresh();
        Assert.That(Drawn(), Is.EqualTo(drawn));

        _scheduler.AdvanceBy(FromSeconds(1).Ticks);
        _screen.Refresh();
        Assert.That(Drawn(), Does.EndWith($"{Erase} reconnecting in 2 s  because the ser"));
    }

    [Test]
    public void Write_Closed_LeavesNoStatus()
    {
        _screen.Close();
        _screen.Write(new SseEvent { Data = "a" });

        Assert.That(Drawn(), Is.EqualTo($"{Erase}{Erase}a\n"));
    }

    private string Drawn() => Colour().Replace(_output.ToString(), "");

    [GeneratedRegex(@"\e\[[0-9;]*m")]
    private static partial Regex Colour();
}
