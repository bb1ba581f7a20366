using System.Text.RegularExpressions;

namespace Rx.Sse.Tests.Safety;

/// <summary>
/// The library reads and writes through spans. Only two files access memory in other ways. The comments at the top of
/// these files say why that is safe.
/// </summary>
internal sealed partial class UncheckedCodeTests
{
    [Test]
    public void Sources_UncheckedOrVectorCode_IsInTwoFilesAlone()
    {
        IEnumerable<string> files = Repository.SourcesBelow(Repository.PathOf("Rx.Sse"))
            .Where(path => Unchecked().IsMatch(File.ReadAllText(path)))
            .Select(path => Path.GetFileName(path));

        Assert.That(files, Is.EquivalentTo(new[] { "LineScanner.cs", "Utf8Decoder.cs" }));
    }

    [GeneratedRegex(@"\bUnsafe\b|\bMemoryMarshal\b|\bIntrinsics\b|\bunsafe\b")]
    private static partial Regex Unchecked();
}
