using System.Text;

namespace Rx.Sse.Tests.Parsing;

/// <summary>
/// Compares blocks of the usual kind with the reference. The parser has a separate loop for these blocks. They have any
/// length, with any other lines among them.
/// </summary>
[Parallelizable(ParallelScope.All)]
internal sealed class SseParserBlocksTests
{
    private static readonly string[] Events =
        ["event: tick", "event:tick", "event: ", "event:", "event: " + new string('e', 60), "event: 漢字"];

    private static readonly string[] Ids =
        [
            "id: 7", "id:8", "id:", "id: 12345678901234", "id: 123456789012345", "id: 1-1", "id: no\0ne",
            "id: " + new string('i', 17), "id: " + new string('j', 60),
        ];

    private static readonly string[] Others =
        [
            "", ": comment", ":", "retry: 5", "data", "data:", "event", "id", "id: 9", "event: x", "unknown",
            ": " + new string('c', 60),
        ];

    [Test]
    public void Feed_OneDataLineEach_AgreesWithTheReference(
        [Values("\n", "\r", "\r\n")] string newLine, [Range(1, 8)] int seed) =>
        AssertSame(seed, newLine, fields: 0);

    [Test]
    public void Feed_EventsAndIdsBeforeData_AgreesWithTheReference(
        [Values("\n", "\r", "\r\n")] string newLine, [Range(1, 16)] int seed) =>
        AssertSame(seed, newLine, fields: 3);

    /// <summary>Each byte in turn is the last one of a chunk.</summary>
    [Test]
    public void Feed_ChunkEndsAnywhere_AgreesWithTheReference([Values("\n", "\r", "\r\n")] string newLine)
    {
        string block =
            $"event: tick{newLine}id: 12{newLine}data: {{}}{newLine}{newLine}: comment{newLine}{newLine}data: "
                + $"x{newLine}{newLine}";
        string stream = string.Concat(Enumerable.Repeat(block, 8));
        for (int size = stream.Length / 4; size < stream.Length; size++)
            Agreement.AssertSame(stream, size);
    }

    /// <summary>Text that looks like the next line, inside a value that continues after a window.</summary>
    [Test]
    public void Feed_NamesOfFieldsInLongValues_AreParts(
        [Values("event: ", "id: ", "event: x\nid: ")] string start, [Values("data: y", "id: y")] string part)
    {
        for (int length = 0; length < 80; length++)
        {
            string block = $"data: x\n\n{start}{new string('x', length)}{part}\n";
            Agreement.AssertSame($"{block}\n{block}data: z\n\n{new string('\n', 100)}", 4_096);
        }
    }

    /// <param name="fields">
    /// One in this many blocks has no event field, and one in this many has no ID; zero if no block has either.
    /// </param>
    private static void AssertSame(int seed, string newLine, int fields)
    {
        var random = new Random(seed);
        for (int i = 0; i < 50; i++)
        {
            var stream = new StringBuilder();
            for (int count = random.Next(1, 60); count > 0; count--)
            {
                AppendOther();
                if (random.Next(fields) > 0)
                    Append(Events);
                AppendOther();
                if (random.Next(fields) > 0)
                    Append(Ids);
                stream.Append(Agreement.DataLine(random, isAscii: random.Next(9) > 0)).Append(newLine);
                AppendOther();
                stream.Append(newLine);
            }

            Agreement.AssertSame(stream.ToString(), random.Next(64, 1_000));

            void Append(string[] lines) => stream.Append(lines[random.Next(lines.Length)]).Append(newLine);

            // Sometimes adds another line, which may have a different line end.
            void AppendOther()
            {
                if (random.Next(24) == 0)
                    stream.Append(Others[random.Next(Others.Length)]).Append(random.Next(3) == 0 ? "\r" : newLine);
            }
        }
    }
}
