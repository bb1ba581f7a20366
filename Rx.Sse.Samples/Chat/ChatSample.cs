using System.CommandLine;
using Rx.Sse.Samples.Chat.Server;

namespace Rx.Sse.Samples.Chat;

/// <summary>
/// Asks a language model, or the embedded server that plays one, and shows the answer while it is being made.
/// </summary>
internal static class ChatSample
{
    private const string OpenAi = "openai";
    private const string Anthropic = "anthropic";
    private static readonly TimeSpan DefaultIdleTimeout = TimeSpan.FromSeconds(30);

    public static Command CreateCommand()
    {
        var question = new Argument<string[]>("question")
        {
            Description = "What to ask. Without it: a conversation, or a question in each line of the input.",
        };
        Option<string> api =
            new Option<string>("--api") { Description = "The wire format.", DefaultValueFactory = _ => OpenAi }.Among(
                OpenAi, Anthropic);
        Option<Uri?> url = UrlOption.Create(
            "--url",
            "A real provider instead of the embedded server, such as https://api.openai.com/v1 or "
            + "https://api.anthropic.com. "
            + $"The key is taken from {KeyVariable(OpenAi)} or {KeyVariable(Anthropic)}.");
        var model =
            new Option<string?>("--model") { Description = "Who is to answer there, by the provider's name for it." };
        Option<string?> fault = new Option<string?>("--server")
        {
            Description =
                "What goes wrong at the embedded server: it refuses the key (fail) or the question (busy), or in the "
                + "midst of the answer reports an error, stalls, drops the connection, or ends the response without the "
                + "last event.",
        }.Among(ServerFault.All);
        Option<TimeSpan?> idleTimeout = SecondsOption.Create(
            "--idle-timeout", "How long the server may be silent.", DefaultIdleTimeout);

        var command = new InterruptibleCommand(
            "chat", "A language model's answer, word by word; or that of an embedded server that plays one.")
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
            arguments.GetValue(api)!,
            arguments.GetValue(url),
            arguments.GetValue(model),
            arguments.GetValue(fault),
            arguments.GetValue(idleTimeout) ?? DefaultIdleTimeout));
        return command;
    }

    private static async Task<int> RunAsync(
        string question, string api, Uri? url, string? model, string? fault, TimeSpan idleTimeout)
    {
        await using ChatServer? server = url is null ? await ChatServer.StartAsync(fault) : null;

        // An API does not redirect. If something else does, the key must not go along, wherever that is.
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler)
        {
            BaseAddress = url is null ? server!.BaseAddress(api == OpenAi ? "v1/" : "") : UrlOption.AsFolder(url),
        };
        string? key = server is null ? Environment.GetEnvironmentVariable(KeyVariable(api))?.Trim() : ChatServer.Key;
        model ??= ChatServer.Model;
        IChatApi chat = api == OpenAi
            ? new OpenAiApi(client, model, key, idleTimeout)
            : new AnthropicApi(client, model, key, idleTimeout);

        using var interrupt = new Interrupt();
        var talk = new Talk(chat, interrupt);
        if (question.Length > 0)
        {
            await talk.AskAsync(question);
        }
        else if (Console.IsInputRedirected)
        {
            await talk.AskEachLineAsync();
        }
        else
        {
            Console.WriteLine(
                server is null
                    ? $"{model} at {url} answers."
                    : "A small server in this program answers, by a few rules. Ask it what it can.");
            Console.WriteLine("Ctrl-C stops an answer; at the prompt, it leaves, as Ctrl-D does.");
            await talk.AskAtPromptAsync();
        }

        return ExitCode.Success;
    }

    private static string KeyVariable(string api) => api == OpenAi ? "OPENAI_API_KEY" : "ANTHROPIC_API_KEY";

    private static Option<T> Among<T>(this Option<T> option, params string[] values)
    {
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
