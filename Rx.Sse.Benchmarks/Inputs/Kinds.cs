using static Rx.Sse.Benchmarks.Inputs.Field;

namespace Rx.Sse.Benchmarks.Inputs;

/// <summary>The named kinds, which cover every value of every dimension, and random kinds for a seed.</summary>
internal static class Kinds
{
    public const int DefaultSeed = 20260101;
    public const int DefaultRandomCount = 6;

    public static IReadOnlyList<Kind> Named { get; } =
    [
        // Scripts.
        new("plain ASCII"),
        new("one curly quote or accent") { Script = Script.OneNonAscii },
        new("Western European") { Script = Script.WesternEuropean },
        new("Cyrillic") { Script = Script.Cyrillic },
        new("CJK") { Script = Script.Cjk },
        new("mixed CJK") { Script = Script.MixedCjk },
        new("emoji") { Script = Script.Emoji },

        // Output of language models.
        new("OpenAI JSON") { Payload = Payload.OpenAi },
        new("OpenAI JSON, one curly quote or accent") { Payload = Payload.OpenAi, Script = Script.OneNonAscii },
        new("Anthropic JSON") { Payload = Payload.Anthropic, Fields = [Event, Data] },

        // Fields and their order.
        new("event, id, data") { Fields = [Event, Id, Data], EventSize = 120 },
        new("id, event, data") { Fields = [Id, Event, Data], EventSize = 120 },
        new("data first") { Fields = [Data, Event, Id], EventSize = 120 },
        new("retry in each block") { Fields = [Event, Id, Retry, Data], EventSize = 120 },
        new("CRLF, retry last") { Fields = [Event, Id, Data, Retry], EventSize = 120, LineEnd = "\r\n" },
        new("unknown fields") { Fields = [Unknown, Event, Data, Unknown], EventSize = 120 },
        new("UUIDs as IDs") { Fields = [Id, Data], Id = IdForm.Uuid, EventSize = 120 },
        new("JSON as IDs") { Fields = [Event, Id, Data], Id = IdForm.Json },

        // Lines.
        new("CRLF") { Fields = [Event, Id, Data], EventSize = 120, LineEnd = "\r\n" },
        new("CR") { Fields = [Event, Id, Data], EventSize = 120, LineEnd = "\r" },
        new("no space after the colon") { Fields = [Event, Id, Data], EventSize = 120, SpaceAfterColon = false },
        new("comments") { Fields = [Event, Id, Data], EventSize = 60, Comments = 2 },
        new("comments and blank lines") { EventSize = 60, Comments = 5, BlankLineAfterComment = true },
        new("3 data lines") { DataLines = 3 },
        new("10 data lines") { DataLines = 10, EventSize = 480 },
        new("100 data lines") { DataLines = 100, EventSize = 4_000 },

        // Sizes.
        new("10 B") { EventSize = 10 },
        new("60 B") { EventSize = 60 },
        new("500 B") { EventSize = 500 },
        new("1 KB") { EventSize = 1_000 },
        new("4 KB") { EventSize = 4_000 },
        new("20 KB") { EventSize = 20_000 },
        new("64 KB") { EventSize = 64_000 },
        new("100 KB") { EventSize = 100_000 },
        new("4 KB, Cyrillic") { EventSize = 4_000, Script = Script.Cyrillic },
        new("20 KB, one curly quote or accent") { EventSize = 20_000, Script = Script.OneNonAscii },
        new("64 KB, mixed CJK") { EventSize = 64_000, Script = Script.MixedCjk },
    ];

    /// <summary>Returns the named kinds, then the random ones.</summary>
    public static IReadOnlyList<Kind> All(int seed = DefaultSeed, int randomCount = DefaultRandomCount)
    {
        var random = new Random(seed);
        return [.. Named, .. Enumerable.Range(1, randomCount).Select(i => RandomKind.Next(random, i))];
    }

    /// <summary>
    /// Returns the kinds whose names contain one of the patterns; all kinds if there are no patterns.
    /// </summary>
    public static IReadOnlyList<Kind> Matching(IReadOnlyList<Kind> kinds, IReadOnlyCollection<string> patterns)
    {
        HashSet<Kind> matching = [.. patterns.SelectMany(pattern => Matching(kinds, pattern))];
        return patterns.Count == 0 ? kinds : [.. kinds.Where(matching.Contains)];
    }

    /// <summary>Returns the named kind with exactly this name.</summary>
    public static Kind Get(string name) => Named.Single(kind => kind.Name == name);

    private static Kind[] Matching(IReadOnlyList<Kind> kinds, string pattern)
    {
        Kind[] exact = [.. kinds.Where(kind => kind.Name == pattern)];
        Kind[] partial = [.. kinds.Where(kind => kind.Name.Contains(pattern, StringComparison.OrdinalIgnoreCase))];
        return exact is not [] ? exact
            : partial is not [] ? partial
            : throw new ArgumentException($"No kind has '{pattern}' in its name.", nameof(pattern));
    }
}
