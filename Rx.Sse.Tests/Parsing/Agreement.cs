using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Rx.Sse.Tests.Reliability.Fuzzing;

namespace Rx.Sse.Tests.Parsing;

/// <summary>
/// Compares the parser with the reference on streams of lines of many lengths. The parser has separate paths for some
/// of these lines.
/// </summary>
internal static class Agreement
{
    private static readonly string[] Texts =
        [
            "", "x", "a line of more than twenty-four bytes", new('y', 57), new('z', 58), new('w', 63), new('v', 64),
            new('u', 65), new('t', 200),
        ];

    public static string DataLine(Random random, bool isAscii)
    {
        string text = Text(random);
        if (!isAscii && random.Next(10) == 0)
            text = text.Insert(random.Next(text.Length + 1), "é漢𝄞");
        return (random.Next(4) == 0 ? "data:" : "data: ") + text;
    }

    public static string Text(Random random) => Texts[random.Next(Texts.Length)];

    /// <summary>
    /// Compares the whole stream, and the stream in chunks: line by line with comments, and as text and as bytes
    /// without them.
    /// </summary>
    public static void AssertSame(string stream, int chunkSize)
    {
        byte[] input = Encoding.UTF8.GetBytes(stream);
        StreamLog expected = ReferenceParser.Parse(input);

        foreach (int size in new[] { input.Length, chunkSize })
        {
            SseParserCutTests.AssertSame(Parse.Chunks(Parse.Cut(input, size)), expected, stream);
            List<SseEvent> events = Events(input, size, source => source.ParseSse());
            AssertEqual(events, expected.Events, stream);
            Assert.That(
                events.TrueForAll(e => AfterEnd(e.Data) == '\0'), "Something was written beyond the end of a string.");
            AssertEqual(Events(input, size, source => source.ParseSse(AsEvent)), expected.Events, stream);
        }
    }

    /// <summary>NUnit explains a difference, but is many times slower to find that there is none.</summary>
    public static void AssertEqual<T>(IEnumerable<T> actual, IEnumerable<T> expected, string how)
    {
        if (!actual.SequenceEqual(expected))
            Assert.That(actual, Is.EqualTo(expected), how);
    }

    /// <summary>Returns the character after the end of a string, which is always a zero.</summary>
    private static char AfterEnd(string text) => Unsafe.Add(ref MemoryMarshal.GetReference(text.AsSpan()), text.Length);

    private static SseEvent AsEvent(SseUtf8Event e) => new()
    {
        Event = e.HasEvent ? Encoding.UTF8.GetString(e.Event) : null,
        Data = Encoding.UTF8.GetString(e.Data),
        Id = e.HasId ? Encoding.UTF8.GetString(e.Id) : null,
        LastEventId = Encoding.UTF8.GetString(e.LastEventId),
        Retry = e.Retry,
    };

    private static List<T> Events<T>(
        byte[] input, int chunkSize, Func<IObservable<ReadOnlyMemory<byte>>, IObservable<T>> parse)
    {
        using var source = new Subject<ReadOnlyMemory<byte>>();
        var events = new List<T>();
        using IDisposable subscription = parse(source).Subscribe(events.Add);
        foreach (byte[] chunk in Parse.Cut(input, chunkSize))
            Parse.Lend(chunk, lent => source.OnNext(lent));

        return events;
    }
}
