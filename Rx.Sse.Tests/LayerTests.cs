using System.Text.RegularExpressions;

namespace Rx.Sse.Tests;

/// <summary>Dependencies point one way, in both libraries. Read off the sources: which file names a type that another folder declares.</summary>
internal sealed partial class LayerTests
{
    private static readonly Library Streams = new(
        "Rx.Sse",
        Root: new()
        {
            ["SseObservable.cs"] = "Entry",
            ["SseOptions.cs"] = "Options",
        },
        Allowed: new()
        {
            ["Values"] = [],
            ["Parsing"] = ["Values"],
            ["Http"] = ["Values", "Parsing"],
            ["Reconnection"] = ["Values"],
            ["Options"] = ["Values", "Reconnection"],
            ["Internal/Diagnostics"] = ["Values"],
            ["Internal"] = ["Values", "Parsing", "Http", "Reconnection", "Options", "Internal/Diagnostics"],
            ["Entry"] = ["Values", "Parsing", "Reconnection", "Options", "Internal"],
        },
        Foreign: new()
        {
            ["Values"] = ["System.Reactive", "Polly"],
            ["Parsing"] = ["System.Reactive", "System.Net", "Polly", "Microsoft.Extensions"],
            ["Http"] = ["System.Reactive", "Polly"],
            ["Internal/Diagnostics"] = ["System.Reactive", "Polly"],
        });

    private static readonly Library Testing = new(
        "Rx.Sse.Testing",
        Root: new()
        {
            ["SseScript.cs"] = "Scripting",
            ["SseResponseScript.cs"] = "Scripting",
            ["SseUnservedScript.cs"] = "Scripting",
            ["SseAssert.cs"] = "Entry",
            ["SseTest.cs"] = "Entry",
            ["SseTestServer.cs"] = "Entry",
        },
        Allowed: new()
        {
            ["Values"] = [],
            ["Scripting"] = ["Values"],
            ["Entry"] = ["Values", "Scripting"],
        },
        Foreign: new()
        {
            ["Values"] = ["System.Reactive"],
            ["Scripting"] = ["Polly"],
            ["Entry"] = ["Polly"],
        });

    private static Library[] Libraries => [Streams, Testing];

    [TestCaseSource(nameof(Libraries))]
    public void Sources_NameOnlyWhatTheirLayerMayUse(Library library)
    {
        Dictionary<string, string> layerOf = library.Sources
            .SelectMany(source => Declaration().Matches(source.Value).Select(match => (Type: match.Groups[1].Value, Layer: library.Layer(source.Key))))
            .DistinctBy(declared => declared.Type)
            .ToDictionary(declared => declared.Type, declared => declared.Layer);

        IEnumerable<string> faults =
            from source in library.Sources
            let layer = library.Layer(source.Key)
            from name in Identifier().Matches(source.Value).Select(match => match.Value).Distinct()
            where layerOf.TryGetValue(name, out string? other) && other != layer && !library.Allowed[layer].Contains(other)
            select $"{source.Key} ({layer}) uses {name} ({layerOf[name]})";

        Assert.That(layerOf, Has.Count.GreaterThan(15));
        Assert.That(faults, Is.Empty);
    }

    [TestCaseSource(nameof(Libraries))]
    public void Layers_AreThoseOfTheFolders_WithoutCircles(Library library)
    {
        List<string> order = [.. library.Allowed.Keys];

        Assert.That(library.Sources.Keys.Select(library.Layer).Distinct(), Is.EquivalentTo(order));
        Assert.That(library.Allowed.SelectMany(layer => layer.Value, (layer, other) => order.IndexOf(other) < order.IndexOf(layer.Key)), Has.All.True);
    }

    [TestCaseSource(nameof(Libraries))]
    public void Sources_KnowNothingOfWhatIsForeignToThem(Library library)
    {
        IEnumerable<string> faults =
            from source in library.Sources
            from name in library.Foreign.GetValueOrDefault(library.Layer(source.Key), [])
            where source.Value.Contains($"using {name}", StringComparison.Ordinal)
            select $"{source.Key} knows {name}";

        Assert.That(faults, Is.Empty);
    }

    [GeneratedRegex(@"//.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\b(?:class|struct|record|enum|interface)\s+(?:struct\s+)?([A-Z]\w*)")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\b[A-Z]\w*")]
    private static partial Regex Identifier();

    /// <param name="Folder">Where it is.</param>
    /// <param name="Root">The files at the root that stand above values, which all others there are. Every folder is a layer.</param>
    /// <param name="Allowed">Which layers a layer may use. Each names only earlier ones, so there are no circles.</param>
    /// <param name="Foreign">Namespaces that a layer must know nothing of.</param>
    internal sealed record Library(string Folder, Dictionary<string, string> Root, Dictionary<string, string[]> Allowed, Dictionary<string, string[]> Foreign)
    {
        /// <summary>By their path within the folder, without comments.</summary>
        public Dictionary<string, string> Sources { get; } = Repository.SourcesBelow(Repository.PathOf(Folder))
            .ToDictionary(path => Path.GetRelativePath(Repository.PathOf(Folder), path).Replace('\\', '/'), path => Comment().Replace(File.ReadAllText(path), ""));

        public string Layer(string path) => path.LastIndexOf('/') is > 0 and var end ? path[..end] : Root.GetValueOrDefault(path, "Values");

        public override string ToString() => Folder;
    }
}
