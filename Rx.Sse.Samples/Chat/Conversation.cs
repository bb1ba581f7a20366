using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Text;

namespace Rx.Sse.Samples.Chat;

/// <summary>
/// What has been said so far. All of it is sent with each new question: the server remembers nothing.
/// </summary>
/// <param name="ask">Asks the provider, as <see cref="ChatClient.Ask"/> does.</param>
internal sealed class Conversation(Func<IReadOnlyList<ChatMessage>, IObservable<AnswerPart>> ask)
{
    private readonly List<ChatMessage> _messages = [];

    public IReadOnlyList<ChatMessage> Messages => _messages;

    /// <summary>
    /// Asks, and passes on the parts of the answer as they come, one at a time. An answer that is not whole counts as
    /// far as it has come, because the user has read it. A question without any answer does not count.
    /// </summary>
    /// <exception cref="SseException">There is no answer, or not the whole of it.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled. The connection is closed by then.</exception>
    public async Task AskAsync(string question, Action<AnswerPart> show, CancellationToken cancellation)
    {
        var asked = new ChatMessage(ChatMessage.User, question);
        var answer = new StringBuilder();
        try
        {
            // TakeUntil, because a task that is cancelled would not wait for the part that is being shown. The
            // scheduler, because otherwise the caller would go on within the stream's last notification, before the
            // connection is closed.
            await ask([.. _messages, asked])
                .TakeUntil(cancellation)
                .Do(part => answer.Append((part as AnswerText)?.Text))
                .Do(show)
                .LastOrDefaultAsync()
                .ToTask(TaskPoolScheduler.Default);
            cancellation.ThrowIfCancellationRequested();
        }
        finally
        {
            if (answer.Length > 0)
                _messages.AddRange([asked, new ChatMessage(ChatMessage.Assistant, answer.ToString())]);
        }
    }
}
