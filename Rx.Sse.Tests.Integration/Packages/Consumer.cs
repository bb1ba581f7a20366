using System.Diagnostics;
using Rx.Sse.Tests.Integration.Servers;

namespace Rx.Sse.Tests.Integration.Packages;

/// <summary>
/// A console program outside the repository that knows Rx.Sse by its packages alone, as a user's does.
/// </summary>
internal sealed class Consumer : IDisposable
{
    private readonly TempFolder _folder = new();
    private Process? _process;

    /// <summary>A console project as <c>dotnet new</c> makes it, with that program.</summary>
    /// <param name="framework">What it targets; it runs on whatever newer runtime is there.</param>
    /// <param name="language">The version of C#.</param>
    /// <param name="package">The package it refers to.</param>
    /// <param name="program">Its only source file.</param>
    /// <param name="references">Further references, as lines of the project file.</param>
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

    /// <summary>Gets the list of the packages that it was built with, as JSON.</summary>
    public string Dependencies => File.ReadAllText(Path.Combine(_folder.Path, "out", "Consumer.deps.json"));

    /// <summary>Restores and builds it; warnings are errors.</summary>
    public async Task BuildAsync(CancellationToken hang)
    {
        (int exitCode, string output) = await TryBuildAsync(hang);
        Assert.That(exitCode, Is.Zero, output);
    }

    /// <summary>Restores and builds it, and gives what the build has printed.</summary>
    public async Task<(int ExitCode, string Output)> TryBuildAsync(CancellationToken hang)
    {
        using Process build = Start("build", "-o", "out");
        string output = await build.StandardOutput.ReadToEndAsync(hang);
        await build.WaitForExitAsync(hang);
        return (build.ExitCode, output);
    }

    /// <summary>Starts it, and gives the first line it prints.</summary>
    public async Task<string?> FirstLineAsync(CancellationToken hang)
    {
        _process = Start(Path.Combine("out", "Consumer.dll"));
        return await _process.StandardOutput.ReadLineAsync(hang);
    }

    /// <summary>Presses enter, and gives the exit code.</summary>
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
