using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Rx.Sse.Samples.Chat;

namespace Rx.Sse.Tests.Samples.Chat;

[CancelAfter(60_000)]
internal sealed class ConversationTests
{
    [Test]
    public async Task AskAsync_Again_SendsWhatHasBeenSaidBefore(CancellationToken hang)
    {
        var api = new ScriptedApi("Hello", ", Ada.").Then("Ada.");
        var conversation = new Conversation(api);
        List<string> shown = [];

        await conversation.AskAsync("I am Ada.", shown.Add, hang);
        await conversation.AskAsync("Who am I?", shown.Add, hang);

        Assert.That(shown, Is.EqualTo(new[] { "Hello", ", Ada.", "Ada." }));
        Assert.That(
            api.Asked[1],
            Is.EqualTo(
                new ChatMessage[]
                {
                    new("user", "I am Ada."),
                    new("assistant", "Hello, Ada."),
                    new("user", "Who am I?"),
                }));
    }

    [Test]
    public void AskAsync_NoAnswer_TakesTheQuestionBack(CancellationToken hang)
    {
        var conversation = new Conversation(new ScriptedApi(Observable.Throw<string>(new ChatException("no"))));

        Assert.That(() => conversation.AskAsync("Why?", _ => { }, hang), Throws.TypeOf<ChatException>());
        Assert.That(conversation.Messages, Is.Empty);
    }

    [Test]
    public void AskAsync_AnswerBreaksOff_CountsAsFarAsItHasCome(CancellationToken hang)
    {
        var conversation = new Conversation(
            new ScriptedApi(Observable.Return("Becau").Concat(Observable.Throw<string>(new ChatException("no")))));

        Assert.That(() => conversation.AskAsync("Why?", _ => { }, hang), Throws.TypeOf<ChatException>());
        Assert.That(
            conversation.Messages, Is.EqualTo(new ChatMessage[] { new("user", "Why?"), new("assistant", "Becau") }));
    }

    [Test]
    public async Task AskAsync_Cancelled_HasClosedTheConnectionAndShowsNothingMore(CancellationToken hang)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(hang);
        using var answer = new Subject<string>();
        bool isClosed = false;
        var conversation = new Conversation(new ScriptedApi(Observable.Create<string>(observer =>
            StableCompositeDisposable.Create(answer.Subscribe(observer), Disposable.Create(() => isClosed = true)))));
        List<string> shown = [];

        Task asking = conversation.AskAsync("Why?", shown.Add, cancellation.Token);
        answer.OnNext("Becau");
        await cancellation.CancelAsync();
        answer.OnNext("se");

        Assert.That(async () => await asking, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(isClosed);
        Assert.That(shown, Is.EqualTo(new[] { "Becau" }));
        Assert.That(conversation.Messages[^1], Is.EqualTo(new ChatMessage("assistant", "Becau")));
    }

    /// <summary>Gives its answers one after the other, and remembers what it was asked.</summary>
    private sealed class ScriptedApi(IObservable<string> answer) : IChatApi
    {
        private readonly Queue<IObservable<string>> _answers = new([answer]);

        public ScriptedApi(params string[] pieces)
            : this(pieces.ToObservable())
        {
        }

        public List<IReadOnlyList<ChatMessage>> Asked { get; } = [];

        public ScriptedApi Then(params string[] pieces)
        {
            _answers.Enqueue(pieces.ToObservable());
            return this;
        }

        public IObservable<string> Answer(IReadOnlyList<ChatMessage> conversation)
        {
            Asked.Add(conversation);
            return _answers.Dequeue();
        }
    }
}
