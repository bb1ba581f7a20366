using System.Text.RegularExpressions;

namespace Rx.Sse.Samples.Chat.Server;

/// <summary>
/// What the server knows about Server-Sent Events and this library. Of two topics that fit, the first one counts.
/// </summary>
internal static class Knowledge
{
    private static readonly (Regex Words, string Text)[] Topics =
    [
        (Any("polly", "retry", "retries", "backoff", "reconnect(s|ion|ing)?"),
            "When a connection breaks, the client waits and connects again. The server sets the delay with a 'retry:' "
                + "line, in milliseconds. "
            + "In Rx.Sse this is a Polly pipeline: without a word from the server it waits 3 seconds, then twice as "
            + "long after each further failure, up to 30, "
            + "with some jitter so that clients do not all come back at once. A POST is not sent again unless you ask "
            + "for it, because that may cost money."),
        (Any("last-event-id", "resum(e|es|ing)", "lost", "los(e|es|s)", "ids?"),
            "An event may have an 'id:' line. A client that comes back names the last ID it has received in the "
                + "header Last-Event-ID, and the server goes on from there. "
            + "Rx.Sse takes an ID into account only when its event is whole, so that an event cut in two is sent "
            + "again instead of being lost."),
        (Any("web-?sockets?"),
            "A WebSocket is a special connection on which both sides talk. Server-Sent Events are an ordinary "
                + "HTTP response that does not end: "
            + "one direction, plain text, through every proxy, and resuming is part of the standard. Where only the "
            + "server has news, they are the simpler choice."),
        (Any("heartbeats?", "comments?", "idle", "stall(s|ed)?", "ping", "silent"),
            "A line that begins with a colon is a comment. Servers send one now and then to show that they are alive. "
            + "With SseOptions.IdleTimeout, Rx.Sse gives up a connection on which no byte has come for so long, "
            + "comments included."),
        (Any("test(s|ed|ing)?", "virtual", "scheduler", "testscheduler"),
            "All delays and timeouts of Rx.Sse run on the IScheduler you pass. The package Rx.Sse.Testing has a "
                + "scripted server for a TestScheduler: "
            + "a test says what the server does and when, a day of outages passes in a moment, and the result is the "
            + "same to the tick every time."),
        (Any("errors?", "exceptions?", "fail(s|ed|ures?)?"),
            "A stream that fails for good fails with an SseException: SseResponseException has the status and the "
                + "beginning of the body, SseConnectionException has the network's error inside, "
            + "and there are others for silence, for size and for an end that comes too early. Whatever the policy "
            + "retries, observers do not see."),
        (Any("llm", "llms", "tokens?", "openai", "anthropic", "chatgpt", "claude", "\\[?done\\]?"),
            "Language models answer with Server-Sent Events: a POST, and then an event for every few letters. "
                + "OpenAI's format ends with [DONE], Anthropic's with an event message_stop. "
            + "This sample reads both with Observable.FromSse and a selector over the bytes; an answer without its "
            + "last event is an error, not a short answer."),
        (Any("eventsource", "browsers?", "javascript"),
            "In a browser, new EventSource(url) does it all: connecting, parsing, reconnecting, resuming. It cannot "
                + "send a POST or headers, though, which is why programs use other clients."),
        (Any("rx\\.?sse", "library", "fromsse", "observables?", "rx", "begin", "start(ed)?"),
            "Rx.Sse turns Server-Sent Events into an IObservable. Observable.FromSse(client, url).Subscribe(e => "
                + "Console.WriteLine(e.Data)) connects, parses, "
            + "reconnects and resumes until you dispose of the subscription, and every operator of Rx works on it."),
        (Any("sse", "server[- ]sent", "format", "event ?streams?", "fields?", "protocol"),
            "Server-Sent Events are an HTTP response of the type text/event-stream that does not end. Each event is a "
                + "block of lines such as 'event: price', 'id: 7' and 'data: 99.5', "
            + "and an empty line ends it. Several data lines are one text with line breaks. The standard is section "
            + "9.2 of the WHATWG's HTML."),
    ];

    public static string? About(string question) => Array.Find(Topics, topic => topic.Words.IsMatch(question)).Text;

    private static Regex Any(params string[] words) =>
        new($@"(?<!\w)({string.Join('|', words)})(?!\w)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
}
