using System.Runtime.InteropServices;
using Color = Spectre.Console.Color;

namespace Rx.Sse.Samples.Chat;

/// <summary>A conversation on the console. Waits and errors go to standard error.</summary>
internal sealed class Talk : IDisposable
{
    private readonly Conversation _conversation;
    private readonly PosixSignalRegistration _interrupt;
    private readonly StatusLine? _statusLine = StatusLine.TryCreate(Console.Error);
    private bool _hasStatus;

    /// <summary>
    /// Null while there is no answer to stop. Not disposed of, because a signal can come at any time.
    /// </summary>
    private volatile CancellationTokenSource? _running;

    /// <summary>Whether a line of the answer has begun and not ended.</summary>
    private bool _isWithinLine;

    public Talk(Conversation conversation)
    {
        _conversation = conversation;
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    }

    public void Dispose() => _interrupt.Dispose();

    /// <summary>Asks one question.</summary>
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
            EraseStatus();
            if (_isWithinLine)
                Console.WriteLine();
            _isWithinLine = false;
        }
    }

    /// <summary>
    /// Asks each line of the input. On a terminal, the conversation continues after an error or an answer that was
    /// stopped. In a file or a pipe, it ends there.
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

    /// <summary>Ctrl-C stops an answer. Without one, or if it does not stop, the program ends as usual.</summary>
    private void Stop(PosixSignalContext signal)
    {
        if (_running is not { IsCancellationRequested: false } running)
            return;
        signal.Cancel = true;
        _ = running.CancelAsync();
    }

    private void Show(AnswerPart part)
    {
        EraseStatus();
        if (part is AnswerText { Text: var text })
        {
            Console.Write(TerminalText.VisibleLines(text));
            _isWithinLine = !text.EndsWith('\n');
        }
        else if (part is AnswerDelayed { Delay: var delay, Reason: var reason })
        {
            string wait = $"waiting {Math.Ceiling(delay.TotalSeconds):0} s";
            _statusLine?.Draw(new StatusText(wait, Color.Yellow, reason));
            _hasStatus = _statusLine is not null;
            if (!_hasStatus)
                Console.Error.WriteLine(TerminalText.Visible($"{wait}: {reason}"));
        }
    }

    private void EraseStatus()
    {
        if (_hasStatus)
            _statusLine!.Erase();
        _hasStatus = false;
    }
}
