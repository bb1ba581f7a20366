using System.CommandLine;
using Rx.Sse.Samples.Chat.Server;

namespace Rx.Sse.Samples.Chat;

/// <summary>
/// Asks a language model, or the embedded server in place of one, and shows the answer as it is generated.
/// </summary>
internal static class ChatSample
{
    private const string Anthropic = "anthropic";

    private static readonly TimeSpan DefaultIdleTimeout = TimeSpan.FromSeconds(30);

    public static Command CreateCommand()
    {
        var question = new Argument<string[]>("question")
        {
            Description = "The question. Without it, start a conversation, or read a question per line from a pipe.",
        };
        Option<string> api = new Option<string>("--api")
        {
            Description = "The API to send requests to. An answer in the other API's format is understood as well.",
            DefaultValueFactory = _ => "openai",
        }.AcceptOnlyFromAmong("openai", Anthropic);
        Option<Uri?> url = UrlOption.Create(
            "--url",
            "A real provider instead of the embedded server, such as https://api.openai.com/v1 or "
            + "https://api.anthropic.com. The key is read from OPENAI_API_KEY or ANTHROPIC_API_KEY.");
        var model = new Option<string?>("--model") { Description = "The provider's name of the model." };
        Option<string?> fault = new Option<string?>("--server")
        {
            Description =
                "What goes wrong at the embedded server. fail: it rejects the key. busy: it refuses the first request. "
                + "In the middle of the answer: error: it reports an error. stall: it sends nothing more. drop: it "
                + "breaks the connection. end: it ends the response. cut: the model reaches its limit of tokens.",
        }.AcceptOnlyFromAmong(ChatServer.Faults);
        Option<TimeSpan?> idleTimeout = SecondsOption.Create(
            "--idle-timeout", "The maximum time the server may stay silent.", DefaultIdleTimeout);

        var command = new InterruptibleCommand(
            "chat", "Show the answer of a language model word by word. An incomplete answer is an error.")
        {
            question, api, url, model, fault, idleTimeout,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(url) is not null && string.IsNullOrWhiteSpace(result.GetValue(model)))
                result.AddError("--url needs --model: the name of the model at that provider.");
            if (result.GetResult(url) is null && result.GetResult(model) is not null)
                result.AddError("--model needs --url: the embedded server has no models.");
            if (result.GetResult(url) is not null && result.GetResult(fault) is not null)
                result.AddError("--server applies to the embedded server: leave out --server or --url.");
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

        // APIs do not redirect, and the key must not be sent to another server.
        using var handler = new EventStreamRepair(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,

            // Closes the connection at the end of the answer instead of reading the rest of the response.
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
            Console.WriteLine(url is null
                ? "A small server in this program answers, not a language model. Try: what is 6 * 7?"
                : $"{model} at {url} answers.");
            Console.WriteLine("Ctrl-C stops an answer. At the prompt, Ctrl-C or Ctrl-D ends the program.");
        }

        await (question.Length > 0 ? talk.AskAsync(question) : talk.AskEachLineAsync());
        return ExitCode.Success;
    }
}
