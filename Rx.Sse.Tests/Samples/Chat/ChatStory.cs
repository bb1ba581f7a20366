using Microsoft.Reactive.Testing;
using Rx.Sse.Samples.Chat;
using Rx.Sse.Testing;

namespace Rx.Sse.Tests.Samples.Chat;

/// <summary>One question to a scripted provider, in virtual time.</summary>
internal sealed class ChatStory
{
    public const string Key = "key-1";
    public const string Model = "model-1";
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(30);

    public ChatStory(params SseScript[] scripts)
        : this(false, scripts)
    {
    }

    public ChatStory(bool isAnthropic, params SseScript[] scripts)
    {
        Server = new SseTestServer(Scheduler, scripts);
        using var client = new HttpClient(new EventStreamRepair(Server))
        {
            BaseAddress = new Uri("https://provider.test/v1/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        new ChatClient(client, isAnthropic, Model, Key, IdleTimeout, Scheduler)
            .Ask([new(ChatMessage.User, "Hi"), new(ChatMessage.Assistant, "Hello."), new(ChatMessage.User, "Why?")])
            .Subscribe(Parts.Add, error => Error = error, () => IsWhole = true);
        Scheduler.Start();
        Assert.That(Server.OpenConnectionCount, Is.Zero);
    }

    public TestScheduler Scheduler { get; } = new();

    public SseTestServer Server { get; }

    public List<AnswerPart> Parts { get; } = [];

    /// <summary>The text of the answer so far.</summary>
    public string Text => string.Concat(Parts.OfType<AnswerText>().Select(part => part.Text));

    public Exception? Error { get; private set; }

    public bool IsWhole { get; private set; }
}
