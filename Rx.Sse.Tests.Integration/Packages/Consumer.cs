using System.Diagnostics;
using Rx.Sse.Tests.Integration.Servers;

namespace Rx.Sse.Tests.Integration.Packages;

/// <summary>
/// A console program outside the repository that references Rx.Sse only as packages, like a user's program.
/// </summary>
internal sealed class Consumer : IDisposable
{
    private readonly TempFolder _folder = new();
    private Process? _process;

    /// <summary>Creates a console project like <c>dotnet new</c> does, with the given program.</summary>
    /// <param name="framework">The target framework. The program may run on a newer runtime.</param>
    /// <param name="language">The version of C#.</param>
    /// <param name="package">The package that the project references.</param>
    /// <param name="program">Its only source file.</param>
    /// <param name="references">Additional references, as lines of the project file.</param>
    public Consumer(string framework, string language, string package, string program, string references = "")
    {
        Write("Consumer.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>{framework}</TargetFramework>
                <LangVersion>{language}</LangVersion>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <RollForward>Major</RollForward>
                <CheckEolTargetFramework>false</CheckEolTargetFramework>
                <RestorePackagesPath>packages</RestorePackagesPath>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{package}" Version="*-*" />
                {references}
              </ItemGroup>
            </Project>
            """);
        Write("Program.cs", program);
        Write("nuget.config", $"""
            <configuration>
              <packageSources>
                <add key="artifacts" value="{BuildOutput.PackagesFolder}" />
              </packageSources>
            </configuration>
            """);
    }

    /// <summary>Gets the list of the packages that the program was built with, as JSON.</summary>
    public string Dependencies => File.ReadAllText(Path.Combine(_folder.Path, "out", "Consumer.deps.json"));

    /// <summary>Restores and builds the program. Warnings are errors.</summary>
    public async Task BuildAsync(CancellationToken hang)
    {
        (int exitCode, string output) = await TryBuildAsync(hang);
        Assert.That(exitCode, Is.Zero, output);
    }

    /// <summary>Restores and builds the program, and returns the output of the build.</summary>
    public async Task<(int ExitCode, string Output)> TryBuildAsync(CancellationToken hang)
    {
        using Process build = Start("build", "-o", "out");
        string output = await build.StandardOutput.ReadToEndAsync(hang);
        await build.WaitForExitAsync(hang);
        return (build.ExitCode, output);
    }

    /// <summary>Starts the program, and returns the first line of its output.</summary>
    public async Task<string?> FirstLineAsync(CancellationToken hang)
    {
        _process = Start(Path.Combine("out", "Consumer.dll"));
        return await _process.StandardOutput.ReadLineAsync(hang);
    }

    /// <summary>Presses Enter, and returns the exit code.</summary>
    public async Task<int> EnterAsync(CancellationToken hang)
    {
        await _process!.StandardInput.WriteLineAsync();
        await _process.WaitForExitAsync(hang);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (_process is { HasExited: false })
            _process.Kill();
        _process?.Dispose();
        _folder.Dispose();
    }

    private Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo("dotnet", arguments)
    {
        WorkingDirectory = _folder.Path,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.Path, name), text);
}
