using Microsoft.Reactive.Testing;
using Rx.Sse.Samples.Chat;
using Rx.Sse.Testing;

namespace Rx.Sse.Tests.Samples.Chat;

/// <summary>One question to a scripted provider, in virtual time.</summary>
internal sealed class ApiStory
{
    public const string Key = "key-1";
    public const string Model = "model-1";
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(30);

    private ApiStory(SseScript script) => Server = new SseTestServer(Scheduler, script);

    public TestScheduler Scheduler { get; } = new();

    public SseTestServer Server { get; }

    /// <summary>What has come of the answer.</summary>
    public List<string> Pieces { get; } = [];

    public Exception? Error { get; private set; }

    public bool HasCompleted { get; private set; }

    public static ApiStory OfOpenAi(SseScript script) =>
        new ApiStory(script).Run((client, scheduler) => new OpenAiApi(client, Model, Key, IdleTimeout, scheduler));

    public static ApiStory OfAnthropic(SseScript script) =>
        new ApiStory(script).Run((client, scheduler) => new AnthropicApi(client, Model, Key, IdleTimeout, scheduler));

    private ApiStory Run(Func<HttpClient, TestScheduler, IChatApi> api)
    {
        using HttpClient client = Server.CreateClient();
        client.BaseAddress = new Uri("https://provider.test/v1/");
        api(client, Scheduler).Answer(
            [new(ChatMessage.User, "Hi"), new(ChatMessage.Assistant, "Hello."), new(ChatMessage.User, "Why?")])
            .Subscribe(Pieces.Add, error => Error = error, () => HasCompleted = true);
        Scheduler.Start();
        Assert.That(Server.OpenConnectionCount, Is.Zero);
        Assert.That(Server.Requests, Has.Count.EqualTo(1), "an answer is paid for once");
        return this;
    }
}
