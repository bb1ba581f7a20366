using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;

namespace Rx.Sse.Samples;

/// <summary>Runs a command, and reports errors as sentences instead of stack traces.</summary>
internal static class CommandLine
{
    /// <summary>The longest error body to show, in characters.</summary>
    private const int MaxBodyLength = 2000;

    public static async Task<int> RunAsync(RootCommand root, string[] arguments)
    {
        // By default, "@file" would be replaced by the content of a file.
        var parser = new ParserConfiguration { ResponseFileTokenReplacer = null };
        ParseResult command = root.Parse(arguments, parser);
        if (command.Errors.Count > 0)
        {
            foreach (ParseError error in command.Errors)
                await Console.Error.WriteLineAsync(error.Message);
            await Console.Error.WriteLineAsync("Run with --help to see all arguments.");
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

            // APIs explain an error in the body. An HTML page says no more than the status.
            if (exception is SseResponseException
                {
                    MediaType: null or "application/json" or "application/problem+json" or "text/plain",
                    Body: { Length: > 0 } body,
                })
                await Console.Error.WriteLineAsync(
                    TerminalText.VisibleLines(body[..Math.Min(body.Length, MaxBodyLength)].TrimEnd()));
            return ExitCode.Failure;
        }

        // The first signal cancels the command. The second one ends the program if the command has not ended yet.
        void Cancel(PosixSignalContext signal)
        {
            signal.Cancel = !interrupted.IsCancellationRequested;
            interrupted.Cancel();
        }
    }

    /// <summary>Returns the message of an exception, and those of its inner exceptions that add something.</summary>
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
