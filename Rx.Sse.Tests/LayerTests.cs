using System.Reflection;
using NetArchTest.Rules;
using Rx.Sse.Testing;

namespace Rx.Sse.Tests;

/// <summary>
/// In both libraries, dependencies go in one direction. The tests check the compiled code. Each folder is a namespace
/// and a layer.
/// </summary>
internal sealed class LayerTests
{
    private static readonly Library[] Libraries =
    [
        new(typeof(SseEvent).Assembly, "Rx.Sse")
        {
            Root = new()
            {
                ["SseObservable"] = "Entry",
                ["SseUtf8Event"] = "Typed",
                ["SseSelector`1"] = "Typed",
                ["SseOptions"] = "Options",
                ["SseReconnection"] = "Reconnection",
                ["SseResilienceKeys"] = "Reconnection",
            },
            Uses = new()
            {
                ["Headers"] = [],
                ["Values"] = ["Headers"],
                ["Portability"] = [],
                ["Parsing"] = ["Portability"],
                ["Typed"] = ["Parsing"],
                ["Scheduling"] = ["Values"],
                ["Reconnection"] = ["Values", "Scheduling"],
                ["Options"] = ["Values", "Headers", "Reconnection"],
                ["Http"] = ["Values", "Headers", "Parsing", "Scheduling", "Options"],
                ["Diagnostics"] = ["Values"],
                ["Streams"] =
                    ["Values", "Parsing", "Typed", "Http", "Scheduling", "Reconnection", "Options", "Diagnostics"],
                ["Entry"] = ["Values", "Typed", "Options", "Streams"],
            },
            Foreign = new()
            {
                ["Headers"] = ["System.Reactive", "Polly"],
                ["Values"] = ["System.Reactive", "Polly"],
                ["Portability"] = ["System.Reactive", "System.Net", "Polly", "Microsoft.Extensions"],
                ["Parsing"] = ["System.Reactive", "System.Net", "Polly", "Microsoft.Extensions"],
                ["Http"] = ["System.Reactive", "Polly"],
                ["Reconnection"] = ["System.Reactive"],
                ["Diagnostics"] = ["System.Reactive", "Polly"],
            },
        },
        new(typeof(SseTestServer).Assembly, "Rx.Sse.Testing")
        {
            Root = new()
            {
                ["SseScript"] = "Scripting",
                ["SseResponseScript"] = "Scripting",
                ["SseUnservedScript"] = "Scripting",
                ["SseAssert"] = "Entry",
                ["SseRecorder"] = "Entry",
                ["SseTest"] = "Entry",
                ["SseTestClock"] = "Entry",
                ["SseTestServer"] = "Entry",
            },
            Uses = new()
            {
                ["Values"] = [],
                ["Scripting"] = ["Values"],
                ["Recording"] = ["Values", "Scripting"],
                ["Entry"] = ["Values", "Scripting", "Recording"],
            },
            Foreign = new()
            {
                ["Values"] = ["System.Reactive"],
                ["Scripting"] = ["Polly"],
                ["Recording"] = ["Polly"],
                ["Entry"] = ["Polly"],
            },
        },
    ];

    private static IEnumerable<TestCaseData> Layers =>
        Libraries.SelectMany(library => library.Uses.Keys.Select(layer => new TestCaseData(library, layer)));

    [TestCaseSource(nameof(Layers))]
    public void Types_OfALayer_UseOnlyWhatItMayUse(Library library, string layer)
    {
        string[] others =
        [
            .. library.Types
                .Where(type => library.LayerOf(type) != layer)
                .Where(type => !library.Uses[layer].Contains(library.LayerOf(type)))
                .Select(type => type.FullName!),
        ];

        TestResult result = Types.InAssembly(library.Assembly)
            .That().MeetCustomRule(type => library.LayerOf(type.Namespace, type.Name) == layer)
            .ShouldNot().HaveDependencyOnAny([.. others, .. library.Foreign.GetValueOrDefault(layer, [])])
            .GetResult();

        Assert.That(result.SelectedTypesForTesting, Is.Not.Empty);
        Assert.That(result.FailingTypes.Select(type => $"{type.FullName}: {type.Explanation}"), Is.Empty);
    }

    [TestCaseSource(nameof(Libraries))]
    public void Layers_AreThoseOfTheNamespaces_WithoutCircles(Library library)
    {
        List<string> order = [.. library.Uses.Keys];

        Assert.That(library.Types.Select(library.LayerOf).Distinct(), Is.EquivalentTo(order));
        Assert.That(
            library.Uses.SelectMany(
                layer => layer.Value,
                (layer, other) => order.IndexOf(other) < order.IndexOf(layer.Key)),
            Has.All.True);
    }

    [TestCaseSource(nameof(Libraries))]
    public void PublicTypes_AreInTheRootNamespace(Library library) =>
        Assert.That(library.Types.Where(type => type.IsPublic && type.Namespace != library.Namespace), Is.Empty);

    /// <param name="Assembly">The library's assembly.</param>
    /// <param name="Namespace">The namespace of its public types. Every namespace below it is a layer.</param>
    internal sealed record Library(Assembly Assembly, string Namespace)
    {
        /// <summary>
        /// The types of the root namespace that belong to a layer above <c>Values</c>. All others belong to
        /// <c>Values</c>.
        /// </summary>
        public required Dictionary<string, string> Root { get; init; }

        /// <summary>The layers that each layer may use. Each uses only earlier ones, so there are no cycles.</summary>
        public required Dictionary<string, string[]> Uses { get; init; }

        /// <summary>The external namespaces that each layer must not use.</summary>
        public required Dictionary<string, string[]> Foreign { get; init; }

        /// <summary>
        /// All types except those that the compiler adds and those that stand in for newer frameworks.
        /// </summary>
        public IEnumerable<Type> Types =>
            Assembly.GetTypes().Where(
                type => !type.IsNested && type.Namespace?.StartsWith(Namespace, StringComparison.Ordinal) == true);

        public string LayerOf(Type type) => LayerOf(type.Namespace, type.Name);

        public string LayerOf(string? @namespace, string name) =>
            @namespace == Namespace ? Root.GetValueOrDefault(name, "Values") : @namespace?.Replace(
                $"{Namespace}.", "", StringComparison.Ordinal) ?? "";

        public override string ToString() => Namespace;
    }
}
