using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using Rx.Sse.Samples.Tail.Output;

namespace Rx.Sse.Samples;

/// <summary>Runs a command, and says what went wrong in words rather than in a stack trace.</summary>
internal static class CommandLine
{
    /// <summary>What somebody would read of an error's explanation, in characters.</summary>
    private const int LongestBody = 2000;

    public static async Task<int> RunAsync(RootCommand root, string[] arguments)
    {
        // An argument such as "@file" is the value of an option.
        var parser = new ParserConfiguration { ResponseFileTokenReplacer = null };
        ParseResult command = root.Parse(arguments, parser);
        if (command.Errors.Count > 0)
        {
            foreach (ParseError error in command.Errors)
                await Console.Error.WriteLineAsync(error.Message);
            await Console.Error.WriteLineAsync("Add --help to see what is possible.");
            return ExitCode.BadArguments;
        }

        var configuration =
            new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        using var interrupted = new CancellationTokenSource();
        bool isInterruptible = command.CommandResult.Command is InterruptibleCommand;
        using PosixSignalRegistration? interrupt = isInterruptible ? null : PosixSignalRegistration.Create(
            PosixSignal.SIGINT, Cancel);
        using PosixSignalRegistration? termination = isInterruptible ? null : PosixSignalRegistration.Create(
            PosixSignal.SIGTERM, Cancel);
        try
        {
            return await command.InvokeAsync(configuration, interrupted.Token);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception exception)
            when (exception is SseException or IOException or UnauthorizedAccessException or TimeoutException)
        {
            await Console.Error.WriteLineAsync(TerminalText.VisibleLines(InWords(exception)));

            // An API says in the body what it did not like. A page for browsers would say less than the status does.
            if (exception is SseResponseException
                {
                    MediaType: "application/json" or "application/problem+json" or "text/plain",
                    Body: { Length: > 0 } body,
                })
                await Console.Error.WriteLineAsync(
                    TerminalText.VisibleLines(body[..Math.Min(body.Length, LongestBody)].TrimEnd()));
            return ExitCode.Failure;
        }

        // The first signal asks the command to end. A second one, for a command that does not, ends the program.
        void Cancel(PosixSignalContext signal)
        {
            signal.Cancel = !interrupted.IsCancellationRequested;
            interrupted.Cancel();
        }
    }

    /// <summary>What happened and, where that is said by another exception inside, why.</summary>
    public static string InWords(Exception exception)
    {
        List<string> messages = [exception.Message];
        for (Exception? inner = exception.InnerException; inner is not null; inner = inner.InnerException)
        {
            if (!messages.Exists(message => message.Contains(inner.Message, StringComparison.Ordinal)))
                messages.Add(inner.Message);
        }

        return string.Join(' ', messages);
    }
}
