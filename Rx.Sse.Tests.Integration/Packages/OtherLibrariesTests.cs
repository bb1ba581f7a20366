using System.Text.RegularExpressions;
using Rx.Sse.Tests.Documentation;
using Rx.Sse.Tests.Integration.Documentation;
using Rx.Sse.Tests.Integration.Sockets;

namespace Rx.Sse.Tests.Integration.Packages;

/// <summary>Programs that also reference another library of observables, as described in docs/clients.md.</summary>
[CancelAfter(300_000)]
internal sealed class OtherLibrariesTests
{
    private const string R3 = """<PackageReference Include="R3" Version="1.3.1" />""";
    private const string Primitives = """<PackageReference Include="ReactiveUI.Primitives" Version="9.0.0" />""";
    private const string Alias = """<PackageReference Include="System.Reactive" Version="7.0.0" Aliases="rx" />""";
    private const string OfReactive = "using System.Reactive.Linq;\n";
    private const string Name = "using R3;\nusing Observable = System.Reactive.Linq.Observable;";
    private const string OfAlias = "extern alias rx;\nusing rx::System;\nusing rx::System.Reactive.Linq;\n";

    private static readonly TestCaseData[] Ambiguous =
    [
        new(R3, OtherLibraries.OnReactive(OfReactive + "using R3;"), "CS0104") { TestName = "{m}(R3)" },
        new(Primitives, OtherLibraries.OnPrimitives, "CS0121") { TestName = "{m}(Primitives)" },
    ];

    private static readonly TestCaseData[] Cured =
    [
        new(R3, OtherLibraries.OnR3) { TestName = "{m}(R3)" },
        new(R3, OtherLibraries.OnReactive(OfReactive + Name)) { TestName = "{m}(R3, name)" },
        new(Primitives + Alias, OtherLibraries.OnPrimitives) { TestName = "{m}(Primitives, alias)" },
        new(Primitives + Alias, OtherLibraries.OnReactive(OfAlias)) { TestName = "{m}(Primitives, other file)" },
    ];

    [TestCaseSource(nameof(Ambiguous))]
    public async Task Program_WithoutTheCure_IsAmbiguous(
        string references, string program, string error, CancellationToken hang)
    {
        using var consumer = new Consumer("net10.0", "14", "Rx.Sse", program, references);

        (int exitCode, string output) = await consumer.TryBuildAsync(hang);

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(
            Regex.Matches(output, @"error (\w+):").Select(match => match.Groups[1].Value).Distinct(),
            Is.EqualTo(new[] { error }),
            output);
    }

    [TestCaseSource(nameof(Cured))]
    public async Task Program_WithTheCure_ReceivesEvents(string references, string program, CancellationToken hang)
    {
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            await context.SendAsync("event: price\ndata: 99.5\n\n");
            await context.UntilAbortedAsync();
        });
        string onServer = program.Replace(OtherLibraries.Url, server.Url, StringComparison.Ordinal);
        using var consumer = new Consumer("net10.0", "14", "Rx.Sse", onServer, references);

        await consumer.BuildAsync(hang);

        Assert.That(await consumer.FirstLineAsync(hang), Is.EqualTo("99.5"));
        Assert.That(await consumer.EnterAsync(hang), Is.Zero);
    }

    [Test]
    public void Alias_OnThePage_IsThatOfTheTests() =>
        Assert.That(Page.Read("docs/clients.md").Text, Does.Contain($"\n{Alias}\n"));
}
