// How much of the library the tests reach.

using System.Text.Json;

var coverage = artifacts + Directory("coverage");

Task("Coverage")
    .Description("Prints how many lines and branches the tests reach; line by line in artifacts/coverage/index.html.")
    .Does(() =>
    {
        var collected = artifacts + Directory("coverage-collected");
        CleanDirectories(new DirectoryPath[] { coverage, collected });
        foreach (var (project, settings) in new[]
        {
            (Tests, TestSettings("coverage")),
            (IntegrationTests, TestSettings("coverage")),
            (Tests, ParserTestSettings(256)),
            (Tests, ParserTestSettings(128)),
        })
        {
            settings.Settings = File($"{Tests}/coverage.runsettings");
            settings.Collectors = ["XPlat Code Coverage"];

            // It has to find the sources, which builds of CI give other paths.
            settings.MSBuildSettings =
                new DotNetMSBuildSettings().WithProperty("ContinuousIntegrationBuild", "false");
            settings.ResultsDirectory = collected;
            DotNetTest(project, settings);
        }

        DotNetTool("reportgenerator", new DotNetToolSettings
        {
            ArgumentCustomization = arguments => arguments
                .Append("-verbosity:Warning")
                .Append($"-reports:{collected}/*/coverage.cobertura.xml")
                .Append($"-targetdir:{coverage}")
                .Append("-reporttypes:Html;TextSummary;JsonSummary"),
        });
        PrintCoverage(coverage + File("Summary.json"));
    });

// By namespace, and each class that is not covered wholly.
void PrintCoverage(FilePath summary)
{
    var report = JsonDocument.Parse(System.IO.File.ReadAllText(summary.FullPath)).RootElement.GetProperty("coverage");
    var classes =
        from assembly in report.GetProperty("assemblies").EnumerateArray()
        from type in assembly.GetProperty("classesinassembly").EnumerateArray()
        let name = type.GetProperty("name").GetString()
        let lines = Share(type, "coveredlines", "coverablelines")
        let branches = Share(type, "coveredbranches", "totalbranches")
        select (Name: name, Namespace: name[..name.LastIndexOf('.')], Lines: lines, Branches: branches);

    if (!classes.Any())
        throw new CakeException("No class was covered, though the tests have run.");

    Console.WriteLine("{0,-50}{1,20}{2,20}", "", "lines", "branches");
    foreach (var group in classes.GroupBy(type => type.Namespace).OrderBy(group => group.Key))
    {
        Print(group.Key, Sum(group.Select(type => type.Lines)), Sum(group.Select(type => type.Branches)));
        foreach (var type in group.Where(type => !IsWhole(type.Lines) || !IsWhole(type.Branches)))
            Print("  " + type.Name[(type.Namespace.Length + 1)..], type.Lines, type.Branches);
    }

    Print("all", Sum(classes.Select(type => type.Lines)), Sum(classes.Select(type => type.Branches)));

    static (int Covered, int All) Share(JsonElement type, string covered, string all) =>
        (type.GetProperty(covered).GetInt32(), type.GetProperty(all).GetInt32());

    static bool IsWhole((int Covered, int All) share) => share.Covered == share.All;

    static (int Covered, int All) Sum(IEnumerable<(int Covered, int All)> shares) =>
        (shares.Sum(share => share.Covered), shares.Sum(share => share.All));

    static string Percent((int Covered, int All) share) => share.All == 0
        ? ""
        : FormattableString.Invariant($"{share.Covered} of {share.All} {100.0 * share.Covered / share.All,6:0.0}%");

    void Print(string name, (int, int) lines, (int, int) branches) =>
        Console.WriteLine("{0,-50}{1,20}{2,20}", name, Percent(lines), Percent(branches));
}
