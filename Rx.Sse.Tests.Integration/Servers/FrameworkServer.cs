using System.Diagnostics;
using System.Reactive.Linq;
using Rx.Sse.Tests.Reliability;

namespace Rx.Sse.Tests.Integration.Servers;

/// <summary>
/// A server based on a third-party framework: the script in the folder Frameworks/<paramref name="Name"/>. The script
/// reads its events from a file when it starts. It sends the events after the Last-Event-ID of a request, and then
/// keeps the stream open.
/// </summary>
/// <param name="Name">The name of the folder.</param>
/// <param name="Prepare">
/// A program that installs what the script needs, or fails if it is not installed; null if npm installs it.
/// </param>
/// <param name="Start">Returns the program that runs the script on the given port.</param>
internal sealed record FrameworkServer(
    string Name, FrameworkServer.Command? Prepare, Func<int, FrameworkServer.Command> Start)
{
    /// <summary>Installs the packages of all Node servers, in the versions of the lock file.</summary>
    public static readonly Command InstallPackages = new("npm", "ci");

    /// <summary>Returns the request, given the address of the server.</summary>
    public Func<string, SseRequest> Request { get; init; } = url => url;

    /// <summary>The last event ID with which to start at the beginning of the stream.</summary>
    public string FirstLastEventId { get; init; } = "";

    /// <summary>Returns the ID of an event. Most servers accept any text.</summary>
    public Func<int, string> IdOf { get; init; } = number => $"№{number}";

    /// <summary>The type of the events, for frameworks that do not let the application set it.</summary>
    public string EventType { get; init; } = Delivery.EventType;

    /// <summary>Returns the published text, given the data in the framework's format.</summary>
    public Func<string, string> TextOf { get; init; } = data => data;

    /// <summary>Returns whether the framework itself, and not the application, sent an event.</summary>
    public Func<SseEvent, bool> IsOfFramework { get; init; } = _ => false;

    public static FrameworkServer Node(string name) => new(name, null, _ => new Command("node", "server.mjs"));

    /// <summary>
    /// Builds the script outside the repository, because the repository's settings are not meant for it.
    /// </summary>
    public static FrameworkServer DotNet(string name) => new(
        name,
        new Command("dotnet", "build", $"{name}/server.cs", "--output", $"{name}/bin", "--disable-build-servers"),
        _ => new Command("dotnet", "bin/server.dll"));

    /// <summary>Uses Debian's Python, which finds Debian's packages.</summary>
    public static FrameworkServer Python(string name, string modules) => new(
        name,
        new Command("/usr/bin/python3", "-c", $"import {modules}"),
        _ => new Command("/usr/bin/python3", "server.py"));

    public static FrameworkServer Php(string name) => new(
        name,
        new Command("php", "-v"),
        port => new Command("php", "-S", $"127.0.0.1:{port}", "server.php"));

    public static FrameworkServer Ruby(string name, string libraries) => new(
        name,
        new Command("/usr/bin/ruby", "-e", $"%w[{libraries}].each {{ |library| require library }}"),
        _ => new Command("/usr/bin/ruby", "server.rb"));

    /// <summary>
    /// Creates a server that runs in that copy of the folder Frameworks and reads its events from that file.
    /// </summary>
    public ServerProcess New(TempFolder folder, string events)
    {
        int port = ReservedPorts.Next();
        return new ServerProcess(port, () =>
        {
            ProcessStartInfo start = Start(port).In(folder.PathOf(Name));
            start.Environment["PORT"] = $"{port}";
            start.Environment["EVENTS"] = events;
            return start;
        });
    }

    /// <summary>Removes the events that the framework sends in addition to those of the application.</summary>
    public IObservable<SseSignal> EventsOfApplication(IObservable<SseSignal> stream) =>
        stream.Where(signal => signal is not SseEvent e || !IsOfFramework(e));

    public override string ToString() => Name;

    /// <summary>A program on <c>PATH</c>, and its arguments.</summary>
    internal sealed record Command(string Program, params string[] Arguments)
    {
        public ProcessStartInfo In(string folder) =>
            new(Prerequisite.PathOf(Program), Arguments) { WorkingDirectory = folder };

        /// <summary>Skips the running test if the program fails.</summary>
        public async Task RunAsync(string folder)
        {
            using var hang = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            using var process = new ChildProcess(In(folder));
            if (await process.ExitAsync(hang.Token) != 0)
                Prerequisite.Missing($"'{Program} {string.Join(' ', Arguments)}' has failed:\n{process.Output}");
        }
    }
}
