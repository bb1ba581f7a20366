// The packages, from the sources to the gallery.

var packages = artifacts + Directory("packages");
var packedProjects = new[] { "Rx.Sse", "Rx.Sse.Testing", $"{Samples}/Tail" };

Task("Pack")
    .Description("Makes the packages, in artifacts/packages.")
    .IsDependentOn("Restore")
    .Does(() => CleanDirectory(packages))
    .DoesForEach(packedProjects, project => DotNetPack(project, new DotNetPackSettings
    {
        Configuration = configuration,
        NoRestore = true,
        OutputDirectory = packages,
    }));

Task("Consume")
    .Description("Uses the packages as a user does: new projects build with the libraries, and sse-tail is installed.")
    .IsDependentOn("Pack")
    .Does(() =>
    {
        var settings = TestSettings("packages");
        settings.MSBuildSettings =
            new DotNetMSBuildSettings().WithProperty("PackagesFolder", MakeAbsolute(packages).FullPath);
        settings.Filter = "FullyQualifiedName~Integration.Packages";
        DotNetTest(IntegrationTests, settings);
    });

Task("ReleaseNotes")
    .Description("Checks that the repository is ready for the tag of a release, --tag=vVERSION, and writes its notes.")
    .Does(() =>
    {
        var version = XmlPeek("Directory.Build.props", "/Project/PropertyGroup/VersionPrefix/text()");
        if (Argument<string>("tag") != $"v{version}")
            throw new CakeException($"The version is {version}, and the tag is {Argument<string>("tag")}.");
        if (!System.IO.File.ReadAllText("CHANGELOG.md").Contains($"\n## [{version}] - "))
            throw new CakeException($"The changelog has no dated section for {version}.");
        var unshipped = GetFiles("./Rx.Sse*/PublicAPI.Unshipped*.txt")
            .Where(file => System.IO.File.ReadLines(file.FullPath).Any(line => line is not ("" or "#nullable enable")));
        if (unshipped.Any())
            throw new CakeException($"{unshipped.First()} has members that are to be in PublicAPI.Shipped.");

        // As they are in the packages.
        StartProcess(
            "dotnet",
            new ProcessSettings
            {
                Arguments = "msbuild Rx.Sse -t:MakePackagePages -getProperty:PackageReleaseNotes",
                RedirectStandardOutput = true,
            },
            out IEnumerable<string> notes);
        EnsureDirectoryExists(artifacts);
        System.IO.File.WriteAllLines(artifacts + File("release-notes.md"), notes);
    });

Task("Push")
    .Description("Pushes the packages of artifacts/packages to NuGet, with the key in NUGET_API_KEY.")
    .Does(() => DotNetNuGetPush($"{packages}/*.nupkg", new DotNetNuGetPushSettings
    {
        Source = "nuget.org",
        ApiKey = EnvironmentVariable("NUGET_API_KEY") ?? throw new CakeException("NUGET_API_KEY is not set."),
        SkipDuplicate = true,
    }));
