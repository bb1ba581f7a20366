using System.Diagnostics;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Rx.Sse.Tests.Integration.Documentation;

/// <summary>
/// An example of the documentation, compiled as the only file of a console project and run in a separate process.
/// Killed when disposed of.
/// </summary>
internal sealed class PastedProgram : IDisposable
{
    /// <summary>The global usings that the SDK adds to a console project with <c>ImplicitUsings</c>.</summary>
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    /// <summary>Warnings about references to older assemblies. The SDK suppresses them in every project.</summary>
    private static readonly Dictionary<string, ReportDiagnostic> SuppressedBySdk =
        new() { ["CS1701"] = ReportDiagnostic.Suppress, ["CS1702"] = ReportDiagnostic.Suppress };

    private static readonly CSharpParseOptions Language = new(LanguageVersion.CSharp14);

    /// <summary>The runtime, ASP.NET Core, and everything that the tests reference, including the library.</summary>
    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>In the output folder of the tests, because it runs with their dependencies.</summary>
    private readonly string _file = Path.Combine(AppContext.BaseDirectory, $"Pasted-{Guid.NewGuid():N}.dll");
    private Process? _process;

    public PastedProgram(string source)
    {
        CSharpCompilation compilation = Compile(source);
        using FileStream file = File.Create(_file);
        Assert.That(compilation.Emit(file).Success);
    }

    public StreamReader Output => _process!.StandardOutput;

    public StreamWriter Input => _process!.StandardInput;

    /// <summary>Compiles a program. Warnings count as failures.</summary>
    public static CSharpCompilation Compile(string source)
    {
        var compilation = CSharpCompilation.Create(
            "Pasted",
            [CSharpSyntaxTree.ParseText(ImplicitUsings, Language), CSharpSyntaxTree.ParseText(source, Language)],
            References,
            new CSharpCompilationOptions(
                OutputKind.ConsoleApplication,
                nullableContextOptions: NullableContextOptions.Enable,
                specificDiagnosticOptions: SuppressedBySdk));
        Assert.That(
            compilation.GetDiagnostics().Where(found => found.Severity >= DiagnosticSeverity.Warning),
            Is.Empty,
            source);
        return compilation;
    }

    public void Start()
    {
        string tests = Path.Combine(
            AppContext.BaseDirectory, Path.GetFileNameWithoutExtension(Assembly.GetExecutingAssembly().Location));
        _process = Process.Start(new ProcessStartInfo(
            "dotnet",
            ["exec", "--runtimeconfig", $"{tests}.runtimeconfig.json", "--depsfile", $"{tests}.deps.json", _file])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        });
    }

    /// <summary>Presses Enter, and returns the exit code.</summary>
    public async Task<int> EnterAsync(CancellationToken hang)
    {
        await Input.WriteLineAsync();
        await _process!.WaitForExitAsync(hang);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process?.Dispose();
        File.Delete(_file);
    }
}
