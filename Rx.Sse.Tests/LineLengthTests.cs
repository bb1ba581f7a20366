namespace Rx.Sse.Tests;

/// <summary>No source line is longer than 120 columns.</summary>
internal sealed class LineLengthTests
{
    private const int MaxLength = 120;

    private static readonly string[] Sources =
        [".cs", ".razor", ".cake", ".csproj", ".props", ".targets", ".sh", ".mjs", ".yml"];

    private static readonly string[] Generated =
        [".git", "bin", "obj", "artifacts", "node_modules", "TestResults", "BenchmarkDotNet.Artifacts"];

    private static readonly string[] Excluded =
    [
        // A key is a single line.
        Repository.PathOf("eng", "StrongName"),
    ];

    [Test]
    public void Lines_OfSources_EndAtColumn120()
    {
        string[] files = [.. FilesBelow(Repository.PathOf()), Repository.PathOf(".ci", "run")];

        IEnumerable<string> tooLong =
            from file in files
            from line in File.ReadLines(file).Select((text, index) => (Text: text, Number: index + 1))
            where line.Text.Length > MaxLength
            select $"{Path.GetRelativePath(Repository.PathOf(), file)}({line.Number})";

        Assert.That(files.Select(Path.GetExtension), Is.SupersetOf(Sources));
        Assert.That(tooLong, Is.Empty);
    }

    private static IEnumerable<string> FilesBelow(string folder) => Excluded.Contains(folder)
        ? []
        : Directory.EnumerateFiles(folder)
            .Where(file => Sources.Contains(Path.GetExtension(file)))
            .Concat(Directory.EnumerateDirectories(folder)
                .Where(inner => !Generated.Contains(Path.GetFileName(inner)))
                .SelectMany(FilesBelow));
}
