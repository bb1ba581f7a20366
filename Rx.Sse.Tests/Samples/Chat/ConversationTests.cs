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
        Queue<string[]> answers = new([["Hello", ", Ada."], ["Ada."]]);
        List<IReadOnlyList<ChatMessage>> asked = [];
        var conversation = new Conversation(messages =>
        {
            asked.Add(messages);
            return Parts(answers.Dequeue());
        });
        List<AnswerPart> shown = [];

        await conversation.AskAsync("I am Ada.", shown.Add, hang);
        await conversation.AskAsync("Who am I?", shown.Add, hang);

        Assert.That(
            shown.Cast<AnswerText>().Select(part => part.Text), Is.EqualTo(new[] { "Hello", ", Ada.", "Ada." }));
        Assert.That(
            asked[1],
            Is.EqualTo(
                new ChatMessage[]
                {
                    new("user", "I am Ada."),
                    new("assistant", "Hello, Ada."),
                    new("user", "Who am I?"),
                }));
    }

    [Test]
    public void AskAsync_NoAnswer_RemovesTheQuestion(CancellationToken hang)
    {
        var conversation = new Conversation(_ => Observable.Throw<AnswerPart>(new ChatException("no")));

        Assert.That(() => conversation.AskAsync("Why?", _ => { }, hang), Throws.TypeOf<ChatException>());
        Assert.That(conversation.Messages, Is.Empty);
    }

    [Test]
    public void AskAsync_AnswerBreaksOff_KeepsWhatHasArrived(CancellationToken hang)
    {
        var conversation = new Conversation(
            _ => Parts("Becau").Concat(Observable.Throw<AnswerPart>(new ChatException("no"))));

        Assert.That(() => conversation.AskAsync("Why?", _ => { }, hang), Throws.TypeOf<ChatException>());
        Assert.That(
            conversation.Messages, Is.EqualTo(new ChatMessage[] { new("user", "Why?"), new("assistant", "Becau") }));
    }

    [Test]
    public async Task AskAsync_Cancelled_HasClosedTheConnectionAndShowsNothingMore(CancellationToken hang)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(hang);
        using var answer = new Subject<AnswerPart>();
        bool isClosed = false;
        var conversation = new Conversation(_ => Observable.Create<AnswerPart>(observer =>
            StableCompositeDisposable.Create(answer.Subscribe(observer), Disposable.Create(() => isClosed = true))));
        List<AnswerPart> shown = [];

        Task asking = conversation.AskAsync("Why?", shown.Add, cancellation.Token);
        answer.OnNext(new AnswerText("Becau"));
        await cancellation.CancelAsync();
        answer.OnNext(new AnswerText("se"));

        Assert.That(async () => await asking, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(isClosed);
        Assert.That(shown, Is.EqualTo(new AnswerPart[] { new AnswerText("Becau") }));
        Assert.That(conversation.Messages[^1], Is.EqualTo(new ChatMessage("assistant", "Becau")));
    }

    [Test]
    public async Task AskAsync_Delayed_ShowsItAndRemembersTheTextOnly(CancellationToken hang)
    {
        var delay = new AnswerDelayed(TimeSpan.FromSeconds(7), "busy");
        var conversation = new Conversation(_ => Parts("Yes").StartWith(delay));
        List<AnswerPart> shown = [];

        await conversation.AskAsync("Why?", shown.Add, hang);

        Assert.That(shown, Is.EqualTo(new AnswerPart[] { delay, new AnswerText("Yes") }));
        Assert.That(conversation.Messages[^1], Is.EqualTo(new ChatMessage("assistant", "Yes")));
    }

    private static IObservable<AnswerPart> Parts(params string[] texts) =>
        texts.Select(text => new AnswerText(text)).ToObservable();
}
