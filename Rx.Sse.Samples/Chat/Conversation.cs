using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Text;

namespace Rx.Sse.Samples.Chat;

/// <summary>
/// What has been said so far. All of it goes out with each new question: the server remembers nothing.
/// </summary>
internal sealed class Conversation(IChatApi api)
{
    private readonly List<ChatMessage> _messages = [];

    public IReadOnlyList<ChatMessage> Messages => _messages;

    /// <summary>
    /// Asks, and hands on the answer's pieces as they come, one at a time. An answer that breaks off or is cancelled
    /// counts as far as it has come, as it does for who has read it; a question without any answer is taken back.
    /// </summary>
    /// <exception cref="SseException">There is no answer, or not the whole of it.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled. The connection is closed by then.</exception>
    public async Task AskAsync(string question, Action<string> show, CancellationToken cancellation)
    {
        _messages.Add(new ChatMessage(ChatMessage.User, question));
        var answer = new StringBuilder();
        try
        {
            // The scheduler, because otherwise what awaits this would go on within the stream's last call, before it
            // has closed the connection.
            await api.Answer([.. _messages])
                .Do(Take)
                .LastOrDefaultAsync()
                .ToTask(cancellation, TaskPoolScheduler.Default);
        }
        finally
        {
            // A cancelled stream does not wait for the piece that is being shown. This does.
            lock (answer)
            {
                if (answer.Length > 0)
                    _messages.Add(new ChatMessage(ChatMessage.Assistant, answer.ToString()));
                else
                    _messages.RemoveAt(_messages.Count - 1);
            }
        }

        void Take(string piece)
        {
            lock (answer)
            {
                if (cancellation.IsCancellationRequested)
                    return;
                answer.Append(piece);
                show(piece);
            }
        }
    }
}
