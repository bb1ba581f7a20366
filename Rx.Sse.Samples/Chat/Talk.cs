using Rx.Sse.Samples.Tail.Output;

namespace Rx.Sse.Samples.Chat;

/// <summary>A conversation on the console, in the way that fits where the questions come from.</summary>
internal sealed class Talk(IChatApi api, Interrupt interrupt)
{
    private readonly Conversation _conversation = new(api);

    /// <summary>Whether the last piece of an answer has left the cursor in the midst of a line.</summary>
    private bool _isWithinLine;

    /// <summary>One question.</summary>
    public async Task AskAsync(string question)
    {
        try
        {
            await interrupt.RunAsync(cancellation => _conversation.AskAsync(question, Show, cancellation));
        }
        finally
        {
            // Also after half an answer: what is to be said about it begins a line.
            if (_isWithinLine)
                Console.WriteLine();
            _isWithinLine = false;
        }
    }

    /// <summary>
    /// Each line of a file or a pipe is a question. The first one that gets no whole answer is the last.
    /// </summary>
    public async Task AskEachLineAsync()
    {
        while (await Console.In.ReadLineAsync() is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
                await AskAsync(line.Trim());
        }
    }

    /// <summary>Questions from somebody at a terminal, who may stop an answer, and goes on after a failure.</summary>
    public async Task AskAtPromptAsync()
    {
        while (Prompt() is { } line)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            try
            {
                await AskAsync(line.Trim());
            }
            catch (OperationCanceledException)
            {
                Console.WriteLine("(stopped)");
            }
            catch (SseException exception)
            {
                await Console.Error.WriteLineAsync(TerminalText.VisibleLines(CommandLine.InWords(exception)));
            }
        }
    }

    private static string? Prompt()
    {
        Console.Write("\n> ");
        string? line = Console.ReadLine();
        if (line is null)
            Console.WriteLine();
        return line;
    }

    private void Show(string piece)
    {
        Console.Write(TerminalText.VisibleLines(piece));
        _isWithinLine = !piece.EndsWith('\n');
    }
}
