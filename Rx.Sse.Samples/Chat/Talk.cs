using System.Runtime.InteropServices;
using Rx.Sse.Samples.Tail.Output;

namespace Rx.Sse.Samples.Chat;

/// <summary>A conversation on the console. What delays an answer goes to standard error.</summary>
internal sealed class Talk : IDisposable
{
    private const string EraseLine = "\r\u001b[2K";
    private const int UsualWidth = 80;

    private readonly Conversation _conversation;
    private readonly PosixSignalRegistration _interrupt;

    /// <summary>Null while there is no answer to stop. Never disposed of: the signal comes at any time.</summary>
    private volatile CancellationTokenSource? _running;

    /// <summary>Whether the cursor is behind a part of an answer.</summary>
    private bool _isWithinLine;

    private bool _hasStatusLine;

    public Talk(Conversation conversation)
    {
        _conversation = conversation;
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    }

    public void Dispose() => _interrupt.Dispose();

    /// <summary>One question.</summary>
    public async Task AskAsync(string question)
    {
        _running = new CancellationTokenSource();
        try
        {
            await _conversation.AskAsync(question, Show, _running.Token);
        }
        finally
        {
            _running = null;
            EraseStatusLine();
            if (_isWithinLine)
                Console.WriteLine();
            _isWithinLine = false;
        }
    }

    /// <summary>
    /// Each line of the input is a question. In a file or a pipe, the first one that gets no whole answer is the last;
    /// a person may stop an answer, and goes on after a failure.
    /// </summary>
    public async Task AskEachLineAsync()
    {
        bool isTerminal = !Console.IsInputRedirected;
        while (true)
        {
            if (isTerminal)
                Console.Write("\n> ");
            string? line = await Console.In.ReadLineAsync();
            if (line is null)
                break;
            try
            {
                if (!string.IsNullOrWhiteSpace(line))
                    await AskAsync(line.Trim());
            }
            catch (OperationCanceledException) when (isTerminal)
            {
                Console.WriteLine("(stopped)");
            }
            catch (SseException exception) when (isTerminal)
            {
                await Console.Error.WriteLineAsync(TerminalText.VisibleLines(CommandLine.InWords(exception)));
            }
        }

        if (isTerminal)
            Console.WriteLine();
    }

    /// <summary>Ctrl-C stops an answer. If there is none, or if it does not stop, the program ends as usual.</summary>
    private void Stop(PosixSignalContext signal)
    {
        if (_running is not { IsCancellationRequested: false } running)
            return;
        signal.Cancel = true;
        _ = running.CancelAsync();
    }

    private void Show(AnswerPart part)
    {
        if (part is AnswerText { Text: var text })
        {
            EraseStatusLine();
            Console.Write(TerminalText.VisibleLines(text));
            _isWithinLine = !text.EndsWith('\n');
        }
        else if (part is AnswerDelayed { Delay: var delay, Reason: var reason })
            ShowStatus(TerminalText.Visible($"waiting {Math.Ceiling(delay.TotalSeconds):0} s: {reason}"));
    }

    /// <summary>A status line where a person looks, a line that stays where a program does.</summary>
    private void ShowStatus(string status)
    {
        if (Console.IsErrorRedirected)
        {
            Console.Error.WriteLine(status);
            return;
        }

        // A line that wraps could not be erased, and a character beyond ASCII may take two columns.
        int width = Console.WindowWidth > 0 ? Console.WindowWidth : UsualWidth;
        int length = (width - 1) / (status.All(char.IsAscii) ? 1 : 2);
        Console.Error.Write(EraseLine + status[..Math.Min(length, status.Length)]);
        _hasStatusLine = true;
    }

    private void EraseStatusLine()
    {
        if (_hasStatusLine)
            Console.Error.Write(EraseLine);
        _hasStatusLine = false;
    }
}
