using Rx.Sse.Samples.Tail;

namespace Rx.Sse.Tests.Samples.Tail;

/// <summary>The file that lets the next run resume.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class SinceFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Path => _folder.PathOf("since");

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Read_NoFile_IsNull() => Assert.That(new SinceFile(Path).Read(), Is.Null);

    [TestCase("")]
    [TestCase("17")]
    [TestCase(" é漢 ")]
    public void Read_AfterWrite_IsTheSame(string id)
    {
        new SinceFile(Path).Write("an older one");
        new SinceFile(Path).Write(id);

        Assert.That(new SinceFile(Path).Read(), Is.EqualTo(id));
        Assert.That(Directory.GetFiles(_folder.Path), Is.EqualTo([Path]));
    }

    [TestCase("17")]
    [TestCase("17\n")]
    [TestCase("17\r\n")]
    public void Read_WrittenByHand_IsTheId(string text) =>
        Assert.That(new SinceFile(_folder.Write("since", text)).Read(), Is.EqualTo("17"));

    [TestCase("1\n2\n")]
    [TestCase("\0")]
    public void Read_SomethingElse_SaysWhatToDo(string text) =>
        Assert.That(
            () => new SinceFile(_folder.Write("since", text)).Read(),
            Throws.TypeOf<IOException>().With.Message.Contain("delete"));

    [Test]
    public void Write_SameAgain_LeavesTheFileAlone()
    {
        var file = new SinceFile(Path);
        file.Write("17");
        File.Delete(Path);

        file.Write("17");

        Assert.That(File.Exists(Path), Is.False);
    }

    [Test]
    public void Write_ThroughALink_KeepsTheLink()
    {
        File.CreateSymbolicLink(_folder.PathOf("link"), _folder.Write("since", "1"));

        new SinceFile(_folder.PathOf("link")).Write("2");

        Assert.That(File.ReadAllText(Path), Is.EqualTo("2\n"));
    }
}
