using System.CommandLine;
using Rx.Sse.Samples.Chat.Server;

namespace Rx.Sse.Samples.Chat;

/// <summary>
/// Asks a language model, or the embedded server in place of one, and shows the answer while it is made.
/// </summary>
internal static class ChatSample
{
    private const string Anthropic = "anthropic";

    private static readonly TimeSpan DefaultIdleTimeout = TimeSpan.FromSeconds(30);

    public static Command CreateCommand()
    {
        var question = new Argument<string[]>("question")
        {
            Description = "What to ask. Without it: a conversation, or a question in each line of the input.",
        };
        Option<string> api = new Option<string>("--api")
        {
            Description = "How the provider wants to be asked. Its answer is read in any format.",
            DefaultValueFactory = _ => "openai",
        }.AcceptOnlyFromAmong("openai", Anthropic);
        Option<Uri?> url = UrlOption.Create(
            "--url",
            "A real provider instead of the embedded server, such as https://api.openai.com/v1 or "
            + "https://api.anthropic.com. The key is taken from OPENAI_API_KEY or ANTHROPIC_API_KEY.");
        var model = new Option<string?>("--model") { Description = "The provider's name for who is to answer." };
        Option<string?> fault = new Option<string?>("--server")
        {
            Description =
                "What goes wrong at the embedded server. fail: it refuses the key. busy: it refuses the first request. "
                + "In the middle of the answer: error: it reports an error. stall: it sends nothing more. drop: it "
                + "breaks the connection. end: it ends the response. cut: the model has reached its limit of tokens.",
        }.AcceptOnlyFromAmong(ChatServer.Faults);
        Option<TimeSpan?> idleTimeout = SecondsOption.Create(
            "--idle-timeout", "How long the server may be silent.", DefaultIdleTimeout);

        var command = new InterruptibleCommand(
            "chat", "A language model's answer, word by word: the whole of it, or an error (exit code 1).")
        {
            question, api, url, model, fault, idleTimeout,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(url) is not null && string.IsNullOrWhiteSpace(result.GetValue(model)))
                result.AddError("--url needs --model: who is to answer there?");
            if (result.GetResult(url) is null && result.GetResult(model) is not null)
                result.AddError("--model needs --url: the embedded server has no models.");
            if (result.GetResult(url) is not null && result.GetResult(fault) is not null)
                result.AddError("--server is about the embedded server: leave out either --server or --url.");
        });
        command.SetAction((arguments, _) => RunAsync(
            string.Join(' ', arguments.GetValue(question) ?? []),
            arguments.GetValue(api) == Anthropic,
            arguments.GetValue(url),
            arguments.GetValue(model) ?? ChatServer.Model,
            arguments.GetValue(fault),
            arguments.GetValue(idleTimeout) ?? DefaultIdleTimeout));
        return command;
    }

    private static async Task<int> RunAsync(
        string question, bool isAnthropic, Uri? url, string model, string? fault, TimeSpan idleTimeout)
    {
        await using ChatServer? server = url is null ? new ChatServer(fault) : null;
        await (server?.StartAsync() ?? Task.CompletedTask);

        // An API does not redirect. If something else does, the key must not be sent there.
        using var handler = new EventStreamRepair(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,

            // Closes the connection at the end of the answer, instead of reading on for what is not needed.
            ResponseDrainTimeout = TimeSpan.Zero,
        });
        using var client = new HttpClient(handler)
        {
            BaseAddress = url is null ? new Uri(server!.Address, isAnthropic ? "" : "v1/") : UrlOption.AsFolder(url),
        };
        string? key = server is null
            ? Environment.GetEnvironmentVariable(isAnthropic ? "ANTHROPIC_API_KEY" : "OPENAI_API_KEY")?.Trim()
            : ChatServer.Key;
        var provider = new ChatClient(client, isAnthropic, model, key, idleTimeout);
        using var talk = new Talk(new Conversation(provider.Ask));
        if (!Console.IsInputRedirected && question.Length == 0)
        {
            Console.WriteLine($"{(url is null ? "A small server in this program" : $"{model} at {url}")} answers.");
            Console.WriteLine("Ctrl-C stops an answer; at the prompt, it leaves, as Ctrl-D does.");
        }

        await (question.Length > 0 ? talk.AskAsync(question) : talk.AskEachLineAsync());
        return ExitCode.Success;
    }
}
