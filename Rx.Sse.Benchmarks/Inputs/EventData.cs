using System.Globalization;

namespace Rx.Sse.Benchmarks.Inputs;

/// <summary>Creates the data lines for the events of a kind.</summary>
internal sealed class EventData(Kind kind, Random random)
{
    private const int LongestToken = 12;
    private const string IdLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    private readonly Words _words = new(kind.Script, random);

    /// <summary>Returns the lines of one event.</summary>
    /// <param name="bytes">The size of the block without the other fields.</param>
    /// <param name="lineOverhead">The bytes of each line that are not data.</param>
    public string[] Next(int bytes, int lineOverhead) => kind.Payload switch
    {
        Payload.OpenAi => [OpenAi(Mark(_words.Next(random.Next(1, LongestToken + 1))))],
        Payload.Anthropic => [Anthropic(Mark(_words.Next(random.Next(1, LongestToken + 1))))],
        _ => Text(bytes, lineOverhead),
    };

    private string[] Text(int bytes, int lineOverhead)
    {
        string[] lines = new string[random.Next((kind.DataLines + 1) / 2, kind.DataLines + 1)];
        int size = Math.Max(1, bytes / lines.Length - lineOverhead);
        for (int i = 0; i < lines.Length; i++)
            lines[i] = _words.Next(lines.Length == 1 ? size : random.NextSize(size));

        int marked = random.Next(lines.Length);
        lines[marked] = Mark(lines[marked]);
        return lines;
    }

    private string Mark(string text) =>
        kind.Script.Marks is [] ? text : text.Insert(random.Next(text.Length + 1), random.GetItem(kind.Script.Marks));

    private string OpenAi(string token)
    {
        string id = random.GetString(IdLetters, 29);
        string head = string.Create(CultureInfo.InvariantCulture, $$"""
            {"id":"chatcmpl-{{id}}","object":"chat.completion.chunk","created":{{random.Next()}},"model":"gpt-4o-mini",
            """);
        return head + $$$"""
            "system_fingerprint":"fp_44709d6fcb","choices":[{"index":0,"delta":{"content":" {{{token}}}"},
            """ + """
            "logprobs":null,"finish_reason":null}]}
            """;
    }

    private static string Anthropic(string token) =>
        $$$"""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" {{{token}}}"}}""";
}
