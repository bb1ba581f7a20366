using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Text;

namespace Rx.Sse.Samples.Chat;

/// <summary>A message of a conversation, in the form of both APIs.</summary>
internal sealed record ChatMessage(string Role, string Content)
{
    public const string User = "user";
    public const string Assistant = "assistant";
}

/// <summary>The messages so far. All of them are sent with each question, because servers remember nothing.</summary>
/// <param name="ask">Asks the provider, as <see cref="ChatClient.Ask"/> does.</param>
internal sealed class Conversation(Func<IReadOnlyList<ChatMessage>, IObservable<AnswerPart>> ask)
{
    private readonly List<ChatMessage> _messages = [];

    public IReadOnlyList<ChatMessage> Messages => _messages;

    /// <summary>
    /// Asks, and passes on the parts of the answer one at a time. An incomplete answer becomes part of the
    /// conversation, because the user has read it. A question without any answer does not.
    /// </summary>
    /// <exception cref="SseException">There is no answer, or only a part of it.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled. The connection is closed by then.</exception>
    public async Task AskAsync(string question, Action<AnswerPart> show, CancellationToken cancellation)
    {
        var asked = new ChatMessage(ChatMessage.User, question);
        var answer = new StringBuilder();
        try
        {
            // TakeUntil waits for the part that is being shown; a cancelled task would not. The scheduler resumes the
            // caller after the connection is closed, and not within the last notification of the stream.
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
