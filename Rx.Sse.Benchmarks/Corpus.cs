using System.Text;

namespace Rx.Sse.Benchmarks;

/// <summary>
/// What servers send, in kinds that strain a parser at different places. Made from a fixed seed: the same bytes every time.
/// </summary>
public sealed class Corpus
{
    private const int DefaultSize = 16 * 1024 * 1024;

    private const string Letters = "abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789 .,;-_";

    private Corpus(string name, byte[] bytes, int events) => (Name, Bytes, Events) = (name, bytes, events);

    /// <summary>The names of all of them, in the order of the tables.</summary>
    public static IReadOnlyList<string> Names { get; } = ["llm", "anthropic", "tiny", "ticks", "crlf", "large", "multiline", "heartbeat", "cjk"];

    public string Name { get; }

    public byte[] Bytes { get; }

    public int Events { get; }

    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="size">The least number of bytes.</param>
    public static Corpus Create(string name, int size = DefaultSize) => name switch
    {
        // An answer in the format of OpenAI's API: some 250 bytes of JSON for a word or two.
        "llm" => Repeat(name, size, (random, i) =>
            $"data: {{\"id\":\"chatcmpl-{Text(random, 29, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")}\",\"object\":\"chat.completion.chunk\",\"created\":{1_760_000_000 + i}," +
            $"\"model\":\"gpt-4o-mini-2024-07-18\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\" {Text(random, random.Next(1, 12))}\"}},\"logprobs\":null,\"finish_reason\":null}}]}}\n\n"),

        // An answer in the format of Anthropic's API: a name and some 100 bytes of JSON.
        "anthropic" => Repeat(name, size, (random, _) =>
            $"event: content_block_delta\ndata: {{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{{\"type\":\"text_delta\",\"text\":\" {Text(random, random.Next(1, 12))}\"}}}}\n\n"),

        "tiny" => Repeat(name, size, (_, _) => "data: x\n\n"),
        "ticks" => Repeat(name, size, Tick),
        "crlf" => Repeat(name, size, (random, i) => Tick(random, i).Replace("\n", "\r\n", StringComparison.Ordinal)),
        "large" => Repeat(name, size, (random, _) => $"data: {Text(random, 64 * 1024)}\n\n"),
        "multiline" => Repeat(name, size, (random, _) => string.Concat(Enumerable.Range(0, 50).Select(_ => $"data: {Text(random, random.Next(20, 60))}\n")) + "\n"),
        "heartbeat" => Repeat(name, size, (random, i) => string.Concat(Enumerable.Repeat(": heartbeat\n\n", 9)) + Tick(random, i)),
        "cjk" => Repeat(name, size, (random, _) => $"data: {new string([.. Enumerable.Range(0, 66).Select(_ => (char)random.Next(0x4E00, 0x9FA5))])}\n\n"),
        _ => throw new ArgumentException($"There is no corpus '{name}'; there are {string.Join(", ", Names)}.", nameof(name)),
    };

    /// <summary>The bytes as they would arrive.</summary>
    public ReadOnlyMemory<byte>[] InChunksOf(int size) =>
        [.. Enumerable.Range(0, (Bytes.Length + size - 1) / size).Select(i => Bytes.AsMemory(i * size, Math.Min(size, Bytes.Length - i * size)))];

    private static string Tick(Random random, int i) =>
        $"event: tick\nid: {100_000 + i}\ndata: {{\"s\":\"{Text(random, 4, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")}\",\"p\":{random.Next(10_000)}.{random.Next(10, 99)}}}\n\n";

    private static string Text(Random random, int length, string letters = Letters) => string.Create(length, (random, letters), static (span, state) =>
    {
        foreach (ref char letter in span)
            letter = state.letters[state.random.Next(state.letters.Length)];
    });

    private static Corpus Repeat(string name, int size, Func<Random, int, string> nextEvent)
    {
        var random = new Random(20260101);
        using var bytes = new MemoryStream(size + 64 * 1024);
        int events = 0;
        while (bytes.Length < size)
            bytes.Write(Encoding.UTF8.GetBytes(nextEvent(random, events++)));
        return new Corpus(name, bytes.ToArray(), events);
    }
}
