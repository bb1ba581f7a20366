// dotnet tool restore && dotnet cake [--target=NAME] [--configuration=Debug]

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
    .Does(() => DotNetFormat(Solution, new DotNetFormatSettings
    {
        NoRestore = true,
        VerifyNoChanges = HasArgument("check"),
    }));

Task("Test")
    .Description("Runs the tests.")
    .Does(() => DotNetTest(Solution, TestSettings("default")));

Task("TestFrameworks")
    .Description("Runs the tests on .NET 8, on 9 without --quick, and on .NET 10 against the build for netstandard2.0.")
    .Does(() => DotNetBuild(Runtimes))
    .DoesForEach(
        new[] { ("TestFramework", "net8.0"), ("TestFramework", "net9.0"), ("LibraryFramework", "netstandard2.0") },
        choice =>
        {
            if (HasArgument("quick") && choice.Item2 == "net9.0")
                return;
            foreach (string project in new[] { Tests, IntegrationTests })
                DotNetTest(project, FrameworkTestSettings(choice.Item1, choice.Item2));
        });

Task("Mono")
    .Description("Runs two programs for .NET Framework on Mono: one streams over sockets, the other has the tests.")
    .Does(() => Install("mono", "mono-runtime mono-devel libmono-cil-dev"))
    .Does(() => RunOnMono(IntegrationTests))
    .Does(() => RunOnMono(Tests, $"{testResults}/mono/tests.trx"));

Task("Arm64")
    .Description("Feeds hostile input to the parser and to the response head on an emulated ARM64; --minutes=M.")
    .Does(() =>
    {
        Install(
            "qemu-aarch64-static",
            "qemu-user-static libc6-arm64-cross libstdc++6-arm64-cross libgcc-s1-arm64-cross");
        var output = artifacts + Directory("published") + Directory("Arm64");
        DotNetPublish(Reliability, new DotNetPublishSettings
        {
            Configuration = "Release",
            OutputDirectory = output,
            MSBuildSettings = new DotNetMSBuildSettings().WithProperty("PublishFor", "linux-arm64"),
        });

        // Memory that .NET maps twice, against attacks, is known to fail under emulators.
        Run(
            "qemu-aarch64-static",
            "-E DOTNET_EnableWriteXorExecute=0 -L /usr/aarch64-linux-gnu "
            + $"{output}/Rx.Sse.Tests.Reliability fuzz --minutes {Argument("minutes", "0.5")}");
    });

Task("Platforms")
    .Description("Runs the other platforms: .NET 8 and 9, Mono, ARM64; on Debian, and installs what it needs.")
    .IsDependentOn("TestFrameworks")
    .IsDependentOn("Mono")
    .IsDependentOn("Arm64");

Task("TestVectors")
    .Description("Runs the tests of the parser on narrower vectors, for which there are other paths.")
    .DoesForEach(new[] { 256, 128 }, bits => DotNetTest(Tests, ParserTestSettings(bits)));

Task("Mutate")
    .Description("Changes parser and reconnection in many ways, and lists what no test notices; in some two hours.")
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
        var program = output + File("Rx.Sse.Tests.Integration.Published" + ProgramExtension());
        if (StartProcess(program) != 0)
            throw new CakeException($"The program published as {way} has failed.");
    })
    .Does(() =>
    {
        var output = artifacts + Directory("published") + Directory("sse-tail");
        DotNetPublish($"{Samples}/Tail", new DotNetPublishSettings
        {
            Configuration = configuration,
            OutputDirectory = output,
        });
        var program = output + File("sse-tail" + ProgramExtension());

        // A refused connection goes through all of it: arguments, HTTP, the policy, the words for it.
        if (StartProcess(program, "--help") != 0 || StartProcess(program, "http://localhost:1 --retries 1") != 1)
            throw new CakeException("sse-tail has failed.");
        Information("sse-tail has {0:0.0} MiB.", new FileInfo(program).Length / 1048576.0);
    });

Task("Soak")
    .Description("Streams through a proxy that breaks connections; --minutes=M, --streams=N.")
    .Does(() => RunRelease(
        Reliability, $"soak --minutes {Argument("minutes", "5")} --streams {Argument("streams", "200")}"));

Task("Fuzz")
    .Description("Feeds hostile input to the parser and to the response head; --minutes=M.")
    .Does(() => RunRelease(Reliability, $"fuzz --minutes {Argument("minutes", "5")}"));

Task("Safety")
    .Description("Parses a buffer that another thread overwrites; --seconds=N.")
    .Does(() => RunRelease(Reliability, $"safety writer --seconds {Argument("seconds", "30")}"));

Task("Reliability")
    .Description("Runs Soak, Fuzz and Safety; --minutes=M for each of the first two, --seconds=N for the third.")
    .IsDependentOn("Soak")
    .IsDependentOn("Fuzz")
    .IsDependentOn("Safety");

Task("Sample")
    .Description("Runs the quick start.")
    .Does(() => DotNetRun(Samples));

Task("Benchmark")
    .Description("Prints the tables of the benchmarks, in about twenty minutes; --table=NAME prints one of them.")
    .DoesForEach(
        HasArgument("table")
            ? new[] { Argument<string>("table") }
            : new[] { "throughput", "end-to-end", "first-event", "idle", "storm" },
        table => RunRelease(Benchmarks, table));

#load eng/Checks/checks.cake
#load eng/Coverage/coverage.cake
#load eng/Packaging/packaging.cake
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

string ProgramExtension() => IsRunningOnWindows() ? ".exe" : "";

void RunRelease(string project, string arguments) =>
    DotNetRun(project, arguments, new DotNetRunSettings { Configuration = "Release" });

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

// What a processor does whose vectors are that wide.
DotNetTestSettings ParserTestSettings(int vectorBits)
{
    var settings = TestSettings($"vectors-{vectorBits}");
    settings.Filter = "FullyQualifiedName~Parsing";
    settings.EnvironmentVariables = new Dictionary<string, string>
    {
        ["DOTNET_PreferredVectorBitWidth"] = $"{vectorBits}",
    };
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
