using Rx.Sse.Samples;

namespace Rx.Sse.Tests.Samples.Tail;

/// <summary>Control sequences from the network must not reach the terminal.</summary>
internal sealed class TerminalTextTests
{
    [TestCase("plain, é 漢 😀\ttab", "plain, é 漢 😀\ttab")]
    [TestCase("\u001b]0;title\a", "␛]0;title␇")]
    [TestCase("a\nb\r\0\u007f", "a␊b␍␀␡")]
    [TestCase("\u009b2J", "\ufffd2J")]
    [TestCase("user\u202Etxt.exe", "user\ufffdtxt.exe")]
    [TestCase("\u200B\u200E\u2060\uFEFF\u00AD\u061C", "\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd")]
    [TestCase("\u3164\u115F\u034F\u180B\uE000", "\ufffd\ufffd\ufffd\ufffd\ufffd")]
    [TestCase("a\U000E0041\U000E0101b", "a\ufffd\ufffdb")]
    [TestCase("👩\u200D💻 ❤\uFE0F نمی\u200Cخواهم", "👩\u200D💻 ❤\uFE0F نمی\u200Cخواهم")]
    public void Visible_ShowsControlsAsSigns(string text, string expected) =>
        Assert.That(TerminalText.Visible(text), Is.EqualTo(expected));

    [Test]
    public void VisibleJson_HasEscapes() => Assert.That(
        TerminalText.VisibleJson("\"a\u202E\U000E0041é\u007f\""),
        Is.EqualTo("\"a\\u202e\\udb40\\udc41é\\u007f\""));

    [Test]
    public void VisibleLines_KeepsLineEnds() =>
        Assert.That(TerminalText.VisibleLines("a\u001b\n\nb"), Is.EqualTo("a␛\n\nb"));

    [Test]
    public void Visible_LeavesNoControlOfAllThatThereAre()
    {
        string all = new([.. Enumerable.Range(0, char.MaxValue + 1).Select(c => (char)c)]);

        string visible = TerminalText.Visible(all);

        Assert.That(visible, Has.Length.EqualTo(all.EnumerateRunes().Count()));
        Assert.That(visible.Where(char.IsControl), Is.EqualTo("\t"));
    }
}
