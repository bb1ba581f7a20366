using System.Text.RegularExpressions;

namespace Rx.Sse.Tests;

/// <summary>Dependencies point one way. Read off the sources: which file names a type that another folder declares.</summary>
internal sealed partial class LayerTests
{
    /// <summary>The files at the root that stand above folders. All others there are values, below everything.</summary>
    private static readonly Dictionary<string, string> RootLayers = new()
    {
        ["SseObservable.cs"] = "Entry",
        ["SseOptions.cs"] = "Options",
    };

    /// <summary>Which layers a layer may use. Each names only earlier ones, so there are no circles.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Values"] = [],
        ["Parsing"] = ["Values"],
        ["Http"] = ["Values", "Parsing"],
        ["Reconnection"] = ["Values"],
        ["Options"] = ["Values", "Reconnection"],
        ["Internal"] = ["Values", "Parsing", "Http", "Reconnection", "Options"],
        ["Entry"] = ["Values", "Parsing", "Reconnection", "Options", "Internal"],
    };

    /// <summary>Namespaces that a layer must know nothing of.</summary>
    private static readonly Dictionary<string, string[]> Foreign = new()
    {
        ["Values"] = ["System.Reactive", "Polly"],
        ["Parsing"] = ["System.Reactive", "System.Net", "Polly", "Microsoft.Extensions"],
        ["Http"] = ["System.Reactive", "Polly"],
    };

    private static Dictionary<string, string> Sources { get; } = Repository.SourcesBelow(Repository.PathOf("Rx.Sse"))
        .ToDictionary(path => Path.GetRelativePath(Repository.PathOf("Rx.Sse"), path), path => Comment().Replace(File.ReadAllText(path), ""));

    [Test]
    public void Sources_NameOnlyWhatTheirLayerMayUse()
    {
        Dictionary<string, string> layerOf = Sources
            .SelectMany(source => Declaration().Matches(source.Value).Select(match => (Type: match.Groups[1].Value, Layer: Layer(source.Key))))
            .DistinctBy(declared => declared.Type)
            .ToDictionary(declared => declared.Type, declared => declared.Layer);

        IEnumerable<string> faults =
            from source in Sources
            let layer = Layer(source.Key)
            from name in Identifier().Matches(source.Value).Select(match => match.Value).Distinct()
            where layerOf.TryGetValue(name, out string? other) && other != layer && !Allowed[layer].Contains(other)
            select $"{source.Key} ({layer}) uses {name} ({layerOf[name]})";

        Assert.That(layerOf, Has.Count.GreaterThan(20));
        Assert.That(faults, Is.Empty);
    }

    [Test]
    public void Allowed_HasNoCircles()
    {
        List<string> order = [.. Allowed.Keys];

        Assert.That(Allowed.SelectMany(layer => layer.Value, (layer, other) => order.IndexOf(other) < order.IndexOf(layer.Key)), Has.All.True);
    }

    [Test]
    public void Sources_KnowNothingOfWhatIsForeignToThem()
    {
        IEnumerable<string> faults =
            from source in Sources
            from name in Foreign.GetValueOrDefault(Layer(source.Key), [])
            where source.Value.Contains($"using {name}", StringComparison.Ordinal)
            select $"{source.Key} knows {name}";

        Assert.That(faults, Is.Empty);
    }

    private static string Layer(string path) =>
        Path.GetDirectoryName(path) is { Length: > 0 } folder ? folder.Split(Path.DirectorySeparatorChar)[0]
        : RootLayers.GetValueOrDefault(path, "Values");

    [GeneratedRegex(@"//.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\b(?:class|struct|record|enum|interface)\s+(?:struct\s+)?([A-Z]\w*)")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\b[A-Z]\w*")]
    private static partial Regex Identifier();
}
