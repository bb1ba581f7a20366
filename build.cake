// dotnet tool restore && dotnet cake [--target=NAME] [--configuration=Debug]

using System.Text.Json;

var target = Argument("target", "Default");
var configuration = Argument("configuration", "Release");

const string Solution = "Rx.Sse.sln";
const string Tests = "Rx.Sse.Tests";
const string IntegrationTests = "Rx.Sse.Tests.Integration";
const string Samples = "Rx.Sse.Samples";
const string Reliability = "Rx.Sse.Tests/Reliability";
const string Benchmarks = "Rx.Sse.Benchmarks";
const string Runtimes = "eng/Runtimes";
var artifacts = Directory("artifacts");
var testResults = artifacts + Directory("test-results");

Task("Clean")
    .Description("Deletes what builds leave behind.")
    .Does(() =>
    {
        CleanDirectories("./**/bin");
        CleanDirectories("./**/obj");
        CleanDirectory(artifacts);
    });

Task("Restore")
    .Does(() => DotNetRestore(Solution));

Task("Build")
    .Description("Builds everything, for every framework; warnings are errors.")
    .IsDependentOn("Restore")
    .Does(() => DotNetBuild(Solution, new DotNetBuildSettings { Configuration = configuration, NoRestore = true }));

Task("Format")
    .Description("Formats the sources as .editorconfig says; with --check, only says whether they are.")
    .IsDependentOn("Restore")
    .Does(() => DotNetFormat(Solution, new DotNetFormatSettings { NoRestore = true, VerifyNoChanges = HasArgument("check") }));

Task("Test")
    .Description("Runs the tests.")
    .Does(() => DotNetTest(Solution, TestSettings("default")));

Task("TestFrameworks")
    .Description("Runs the tests on .NET 8 and, without --quick, 9, and on .NET 10 against the build for netstandard2.0.")
    .Does(() => DotNetBuild(Runtimes))
    .DoesForEach(new[] { ("TestFramework", "net8.0"), ("TestFramework", "net9.0"), ("LibraryFramework", "netstandard2.0") }, choice =>
    {
        if (HasArgument("quick") && choice.Item2 == "net9.0")
            return;
        foreach (string project in new[] { Tests, IntegrationTests })
            DotNetTest(project, FrameworkTestSettings(choice.Item1, choice.Item2));
    });

Task("Mono")
    .Description("Runs programs for .NET Framework on Mono, with the build for netstandard2.0: one streams, the other has the tests.")
    .Does(() => Install("mono", "mono-runtime mono-devel libmono-cil-dev"))
    .Does(() => RunOnMono(IntegrationTests))
    .Does(() => RunOnMono(Tests, $"{testResults}/mono/tests.trx"));

Task("Arm64")
    .Description("Feeds hostile input to the parser and to the response head on an emulated ARM64; --minutes=M.")
    .Does(() =>
    {
        Install("qemu-aarch64-static", "qemu-user-static libc6-arm64-cross libstdc++6-arm64-cross libgcc-s1-arm64-cross");
        var output = artifacts + Directory("published") + Directory("Arm64");
        DotNetPublish(Reliability, new DotNetPublishSettings
        {
            Configuration = "Release",
            OutputDirectory = output,
            MSBuildSettings = new DotNetMSBuildSettings().WithProperty("PublishFor", "linux-arm64"),
        });

        // Memory that .NET maps twice, against attacks, is known to fail under emulators.
        Run("qemu-aarch64-static", $"-E DOTNET_EnableWriteXorExecute=0 -L /usr/aarch64-linux-gnu {output}/Rx.Sse.Tests.Reliability fuzz --minutes {Argument("minutes", "0.5")}");
    });

Task("Platforms")
    .Description("Runs what there is of other platforms, on Debian, and installs what it needs: .NET 8 and 9, Mono, ARM64.")
    .IsDependentOn("TestFrameworks")
    .IsDependentOn("Mono")
    .IsDependentOn("Arm64");

Task("TestVectors")
    .Description("Runs the tests of the parser on narrower vectors than this machine's, for which there are other paths.")
    .DoesForEach(new[] { 256, 128 }, bits => DotNetTest(Tests, ParserTestSettings(bits)));

Task("Coverage")
    .Description("Runs the tests and prints how many lines and branches they reach; line by line in artifacts/coverage/index.html.")
    .Does(() =>
    {
        var coverage = artifacts + Directory("coverage");
        var collected = coverage + Directory("collected");
        CleanDirectory(coverage);
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
            settings.MSBuildSettings = new DotNetMSBuildSettings().WithProperty("ContinuousIntegrationBuild", "false");
            settings.ResultsDirectory = collected;
            DotNetTest(project, settings);
        }

        DotNetTool("reportgenerator", new DotNetToolSettings
        {
            ArgumentCustomization = arguments => arguments.Append(
                $"-verbosity:Warning -reports:{collected}/*/coverage.cobertura.xml -targetdir:{coverage} -reporttypes:Html;TextSummary;JsonSummary"),
        });
        PrintCoverage(coverage + File("Summary.json"));
    });

Task("Mutate")
    .Description("Changes the parser and the reconnection in hundreds of ways, and lists those that no test notices; in an hour or more.")
    .Does(() => DotNetTool("stryker", new DotNetToolSettings
    {
        WorkingDirectory = Tests,
        ArgumentCustomization = arguments => arguments.Append($"--output ../{artifacts}/mutation"),
    }));

Task("Published")
    .Description("Publishes programs ahead of time and trimmed, without a warning, and runs them.")
    .DoesForEach(new[] { "NativeAot", "Trimmed", "TrimmedWithWholeLibrary" }, way =>
    {
        var output = artifacts + Directory("published") + Directory(way);
        DotNetPublish($"{IntegrationTests}/Published", new DotNetPublishSettings
        {
            Configuration = configuration,
            OutputDirectory = output,
            MSBuildSettings = new DotNetMSBuildSettings().WithProperty("PublishAs", way),
        });
        var program = output + File(IsRunningOnWindows() ? "Rx.Sse.Tests.Integration.Published.exe" : "Rx.Sse.Tests.Integration.Published");
        if (StartProcess(program) != 0)
            throw new CakeException($"The program published as {way} has failed.");
    })
    .Does(() =>
    {
        var output = artifacts + Directory("published") + Directory("sse-tail");
        DotNetPublish($"{Samples}/Tail", new DotNetPublishSettings { Configuration = configuration, OutputDirectory = output });
        var program = output + File(IsRunningOnWindows() ? "sse-tail.exe" : "sse-tail");

        // A refused connection goes through all of it: arguments, HTTP, the policy, the words for it.
        if (StartProcess(program, "--help") != 0 || StartProcess(program, "http://localhost:1 --retries 1") != 1)
            throw new CakeException("sse-tail has failed.");
        Information("sse-tail has {0:0.0} MiB.", new FileInfo(program).Length / 1048576.0);
    });

Task("Soak")
    .Description("Streams through a proxy that breaks connections; --minutes=M, --streams=N.")
    .Does(() => DotNetRun(Reliability, $"soak --minutes {Argument("minutes", "5")} --streams {Argument("streams", "200")}", new DotNetRunSettings { Configuration = "Release" }));

Task("Fuzz")
    .Description("Feeds hostile input to the parser and to the response head; --minutes=M.")
    .Does(() => DotNetRun(Reliability, $"fuzz --minutes {Argument("minutes", "5")}", new DotNetRunSettings { Configuration = "Release" }));

Task("Safety")
    .Description("Parses a buffer that another thread overwrites; --seconds=N.")
    .Does(() => DotNetRun(Reliability, $"safety writer --seconds {Argument("seconds", "30")}", new DotNetRunSettings { Configuration = "Release" }));

Task("Sample")
    .Description("Runs the quick start.")
    .Does(() => DotNetRun(Samples));

Task("Benchmark")
    .Description("Prints the tables of the benchmarks, in about twenty minutes; --table=NAME prints one of them.")
    .DoesForEach(HasArgument("table") ? new[] { Argument<string>("table") } : new[] { "throughput", "end-to-end", "first-event", "idle", "storm" }, table =>
        DotNetRun(Benchmarks, table, new DotNetRunSettings { Configuration = "Release" }));

Task("Pack")
    .Description("Makes the packages, in artifacts/packages.")
    .IsDependentOn("Restore")
    .Does(() => CleanDirectory(artifacts + Directory("packages")))
    .DoesForEach(new[] { "Rx.Sse", "Rx.Sse.Testing" }, project => DotNetPack(project, new DotNetPackSettings
    {
        Configuration = configuration,
        NoRestore = true,
        OutputDirectory = artifacts + Directory("packages"),
    }));

Task("Consume")
    .Description("Uses the packages as a user does: new projects outside the repository restore them, build and run.")
    .IsDependentOn("Pack")
    .Does(() =>
    {
        var settings = TestSettings("packages");
        settings.MSBuildSettings = new DotNetMSBuildSettings().WithProperty("PackagesFolder", MakeAbsolute(artifacts + Directory("packages")).FullPath);
        settings.Filter = "FullyQualifiedName~Integration.Packages";
        DotNetTest(IntegrationTests, settings);
    });

#load eng/Site/site.cake

Task("Default")
    .IsDependentOn("Build")
    .IsDependentOn("Test");

RunTarget(target);

void Run(string program, string arguments)
{
    if (StartProcess(program, arguments) != 0)
        throw new CakeException($"{program} {arguments} has failed.");
}

// Builds and runs the program for .NET Framework that is in a project's folder.
void RunOnMono(string tests, string arguments = "")
{
    var project = $"{tests}/NetFramework";
    DotNetBuild(project, new DotNetBuildSettings { Configuration = configuration });
    Run("mono", $"{project}/bin/{configuration}/net472/{tests}.NetFramework.exe {arguments}");
}

// Installs packages of Debian if the program that is in them is missing.
void Install(string program, string packages)
{
    if (Context.Tools.Resolve(program) is null)
        Run("bash", $"-c \"apt-get update -q && apt-get install -y -q --no-install-recommends {packages}\"");
}

// By namespace, and each class that is not covered wholly.
void PrintCoverage(FilePath summary)
{
    var classes =
        from assembly in JsonDocument.Parse(System.IO.File.ReadAllText(summary.FullPath)).RootElement.GetProperty("coverage").GetProperty("assemblies").EnumerateArray()
        from type in assembly.GetProperty("classesinassembly").EnumerateArray()
        let name = type.GetProperty("name").GetString()
        select (Name: name, Namespace: name[..name.LastIndexOf('.')], Lines: Share(type, "coveredlines", "coverablelines"), Branches: Share(type, "coveredbranches", "totalbranches"));

    if (!classes.Any())
        throw new CakeException("No class was covered, though the tests have run.");

    Console.WriteLine("{0,-50}{1,20}{2,20}", "", "lines", "branches");
    foreach (var group in classes.GroupBy(type => type.Namespace).OrderBy(group => group.Key))
    {
        Print(group.Key, Sum(group.Select(type => type.Lines)), Sum(group.Select(type => type.Branches)));
        foreach (var type in group.Where(type => type.Lines.Covered < type.Lines.All || type.Branches.Covered < type.Branches.All))
            Print("  " + type.Name[(type.Namespace.Length + 1)..], type.Lines, type.Branches);
    }

    Print("all", Sum(classes.Select(type => type.Lines)), Sum(classes.Select(type => type.Branches)));

    static (int Covered, int All) Share(JsonElement type, string covered, string all) => (type.GetProperty(covered).GetInt32(), type.GetProperty(all).GetInt32());
    static (int Covered, int All) Sum(IEnumerable<(int Covered, int All)> shares) => (shares.Sum(share => share.Covered), shares.Sum(share => share.All));
    static string Percent((int Covered, int All) share) => share.All == 0 ? "" : FormattableString.Invariant($"{share.Covered} of {share.All} {100.0 * share.Covered / share.All,6:0.0}%");
    void Print(string name, (int, int) lines, (int, int) branches) => Console.WriteLine("{0,-50}{1,20}{2,20}", name, Percent(lines), Percent(branches));
}

// What a processor does whose vectors are that wide.
DotNetTestSettings ParserTestSettings(int vectorBits)
{
    var settings = TestSettings($"vectors-{vectorBits}");
    settings.Filter = "FullyQualifiedName~Parsing";
    settings.EnvironmentVariables = new Dictionary<string, string> { ["DOTNET_PreferredVectorBitWidth"] = $"{vectorBits}" };
    return settings;
}

// With another framework for the tests or for the library; see Directory.Build.props and the projects of the tests.
DotNetTestSettings FrameworkTestSettings(string property, string framework)
{
    var settings = TestSettings(framework);
    settings.MSBuildSettings = new DotNetMSBuildSettings().WithProperty(property, framework);
    if (framework == "netstandard2.0")
        settings.Filter = "TestCategory!=NotNetStandard";
    return settings;
}

DotNetTestSettings TestSettings(string name) => new()
{
    Loggers = ["trx"],
    ResultsDirectory = testResults + Directory(name),
};
