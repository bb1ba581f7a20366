using System.CommandLine;
using System.CommandLine.Help;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Text;
using Rx.Sse.Samples.Tail.Formats;
using Rx.Sse.Samples.Tail.Output;
using Rx.Sse.Testing;
using Spectre.Console;

namespace Rx.Sse.Samples.Tail;

/// <summary>From the command line to the screen.</summary>
internal static class TailCommand
{
    public const string Description =
        "Follows any stream of Server-Sent Events, and goes on where it was when the connection breaks.";

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Makes a command of it.</summary>
    /// <param name="command">The command; empty so far.</param>
    /// <param name="usage">How the user calls it.</param>
    /// <param name="startDemo">Starts what is followed without a URL; null if there must be a URL.</param>
    public static void Configure(
        Command command, string usage, Func<CancellationToken, Task<IDemoServer>>? startDemo = null)
    {
        var arguments = new TailArguments(isUrlRequired: startDemo is null);
        arguments.AddTo(command);
        foreach (HelpOption standard in command.Options.OfType<HelpOption>().ToList())
            command.Options.Remove(standard);
        command.Options.Add(new HelpOption { Action = new TailHelp(usage) });
        command.SetAction(async (parsed, cancellation) =>
        {
            TailOptions options = arguments.Options(parsed);
            if (arguments.Url(parsed) is { } url)
                return await RunAsync(url, options, cancellation);

            await using IDemoServer demo = await startDemo!(cancellation);
            await Console.Error.WriteLineAsync($"No URL, so this follows {demo.Url}, a server of the sample's own.");
            return await RunAsync(demo.Url, options, cancellation);
        });
    }

    private static async Task<int> RunAsync(Uri url, TailOptions options, CancellationToken cancellation)
    {
        using var recorder = options.Recording is { } file ? new SseRecorder(file) : null;
        using var client = new HttpClient(NewHandler(options, recorder));

        // Some servers send their headers with the first event, whenever that comes.
        client.Timeout = Timeout.InfiniteTimeSpan;
        client.DefaultRequestHeaders.UserAgent.ParseAdd("sse-tail");

        IScheduler clock = DefaultScheduler.Instance;
        IScreen screen = NewScreen(options.Format, clock);
        int written;
        try
        {
            written = await new TailSession(url, options, screen, clock).Follow(client).Count().ToTask(cancellation);
        }
        catch (IOException exception) when (StandardOutput.IsClosed(exception))
        {
            return ExitCode.Success;
        }
        finally
        {
            screen.Close();
        }

        if (recorder?.Error is { } error)
        {
            await Console.Error.WriteLineAsync($"The recording is not complete. {error.Message}");
            return ExitCode.Failure;
        }

        if (options.Count is not { } count || written == count)
            return ExitCode.Success;
        await Console.Error.WriteLineAsync($"Only {written} of {count} events came.");
        return ExitCode.Failure;
    }

    private static HttpMessageHandler NewHandler(TailOptions options, SseRecorder? recorder)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = ConnectTimeout,
            RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        };
        if (options.IsInsecure)
#pragma warning disable CA5359 // The user has asked for it.
            handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        recorder?.InnerHandler = handler;
        return recorder ?? (HttpMessageHandler)handler;
    }

    private static IScreen NewScreen(TailFormat choice, IScheduler clock)
    {
        bool isTerminal = !Console.IsOutputRedirected;
        IEventFormat format = choice switch
        {
            TailFormat.Json => new JsonFormat(),
            TailFormat.Raw => new RawFormat(isTerminal),
            _ => new PrettyFormat(),
        };
        if (isTerminal && AnsiConsole.Console is { Profile.Capabilities.Ansi: true } console)
            return new TerminalScreen(console, format, clock);
        return new PlainScreen(StandardOutput.Open(), Console.Error, format, clock);
    }
}
