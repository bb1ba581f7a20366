using System.CommandLine;
using System.CommandLine.Help;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Text;
using Rx.Sse.Samples.Tail.Output;
using Rx.Sse.Testing;

namespace Rx.Sse.Samples.Tail;

/// <summary>Runs the command from its arguments to its exit code.</summary>
internal static class TailCommand
{
    public const string Description =
        "Follow any stream of Server-Sent Events, across reconnects and without losing events.";

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Adds the arguments, the help and the action to a command.</summary>
    /// <param name="command">The command to configure.</param>
    /// <param name="program">What the user types to run it.</param>
    /// <param name="runWithoutUrl">Runs the command without a URL; null if a URL is required.</param>
    public static void Configure(
        Command command, string program, Func<TailOptions, CancellationToken, Task<int>>? runWithoutUrl = null)
    {
        var arguments = new TailArguments(isUrlRequired: runWithoutUrl is null);
        arguments.AddTo(command);
        foreach (HelpOption standard in command.Options.OfType<HelpOption>().ToList())
            command.Options.Remove(standard);
        command.Options.Add(new HelpOption { Action = new TailHelp(program) });
        command.SetAction((parsed, cancellation) => arguments.Url(parsed) is { } url
            ? RunAsync(url, arguments.Options(parsed), cancellation)
            : runWithoutUrl!(arguments.Options(parsed), cancellation));
    }

    public static async Task<int> RunAsync(Uri url, TailOptions options, CancellationToken cancellation)
    {
        using var recorder = options.Recording is { } file ? new SseRecorder(file) : null;
        using var client = new HttpClient(CreateHandler(options, recorder));

        // Some servers send their headers only with the first event.
        client.Timeout = Timeout.InfiniteTimeSpan;
        client.DefaultRequestHeaders.UserAgent.ParseAdd("sse-tail");

        IScheduler clock = DefaultScheduler.Instance;
        IScreen screen = StatusLine.TryCreate(Console.Out) is { } line
            ? new TerminalScreen(line, options.Format, clock)
            : new PlainScreen(StandardOutput.Open(), Console.Error, options.Format, clock);
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

    private static HttpMessageHandler CreateHandler(TailOptions options, SseRecorder? recorder)
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
}
