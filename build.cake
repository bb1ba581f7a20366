// dotnet tool restore && dotnet cake [--target=NAME] [--configuration=Debug]

var target = Argument("target", "Default");
var configuration = Argument("configuration", "Release");

const string Solution = "Rx.Sse.sln";
const string Tests = "Rx.Sse.Tests";
const string Samples = "Rx.Sse.Samples";
const string Benchmarks = "Rx.Sse.Benchmarks";
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
    .Description("Runs the tests against the builds of the library for older frameworks, on the runtime that is there.")
    .DoesForEach(new[] { "net8.0", "netstandard2.0" }, framework =>
    {
        var settings = TestSettings(framework);
        settings.MSBuildSettings = new DotNetMSBuildSettings().WithProperty("LibraryFramework", framework);
        if (framework == "netstandard2.0")
            settings.Filter = "TestCategory!=NotNetStandard";
        DotNetTest(Tests, settings);
    });

Task("Published")
    .Description("Publishes a program ahead of time and trimmed, without a warning, and runs it.")
    .DoesForEach(new[] { "NativeAot", "Trimmed", "TrimmedWithWholeLibrary" }, way =>
    {
        var output = artifacts + Directory("published") + Directory(way);
        DotNetPublish($"{Tests}/Published", new DotNetPublishSettings
        {
            Configuration = configuration,
            OutputDirectory = output,
            MSBuildSettings = new DotNetMSBuildSettings().WithProperty("PublishAs", way),
        });
        var program = output + File(IsRunningOnWindows() ? "Rx.Sse.Tests.Published.exe" : "Rx.Sse.Tests.Published");
        if (StartProcess(program) != 0)
            throw new CakeException($"The program published as {way} has failed.");
    });

Task("Sample")
    .Description("Runs the quick start.")
    .Does(() => DotNetRun(Samples));

Task("Benchmark")
    .Description("Prints the tables of docs/performance.md, in some ten minutes; --table=NAME prints one of them.")
    .DoesForEach(HasArgument("table") ? new[] { Argument<string>("table") } : new[] { "throughput", "end-to-end", "idle", "storm" }, table =>
        DotNetRun(Benchmarks, table, new DotNetRunSettings { Configuration = "Release" }));

Task("Pack")
    .Description("Makes the packages, in artifacts/packages.")
    .IsDependentOn("Restore")
    .DoesForEach(new[] { "Rx.Sse", "Rx.Sse.Testing" }, project => DotNetPack(project, new DotNetPackSettings
    {
        Configuration = configuration,
        NoRestore = true,
        OutputDirectory = artifacts + Directory("packages"),
    }));

Task("Default")
    .IsDependentOn("Build")
    .IsDependentOn("Test");

RunTarget(target);

DotNetTestSettings TestSettings(string name) => new()
{
    Loggers = ["trx"],
    ResultsDirectory = testResults + Directory(name),
};
