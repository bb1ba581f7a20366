using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Text;
using Rx.Sse.Tests.Reliability.Fuzzing;

namespace Rx.Sse.Tests.Reliability.Safety;

/// <summary>
/// Input directly before and after inaccessible pages: if the parser reads beyond a chunk, the process ends. Inputs of
/// every length are cut at every offset, so that each part of them is next to such a page.
/// </summary>
internal static class GuardedInput
{
    private const int LongestInput = 200;

    private static readonly string[] Streams =
    [
        "data: plain ASCII that is longer than a vector, and some more of it after that, up to the end of the line\n\n",
        "id: 1\nevent: tick\ndata: {\"price\":99.5}\n\nid: 2\nevent: tick\ndata: {\"price\":99.75}\n\n",
        "data: a\r\ndata: b\r\n\r\nretry: 5\r\n\r\n: comment\r\n\r\ndata: c\r\n\r\n",
        "data: é à ü ß, Größe, naïve, señor\n\ndata: Привет, мир\n\n",
        "data: 日本語日本語日本語日本語日本語日本語日本語日本語日本語\n\n",
        "data: 😀😀😀😀😀 a 😀 “quoted”\n\n",
        "\n\n\n\r\r\r\n\r\n\n\r\n::::\n:\ndata\nid\nevent\nretry\n\n",
    ];

    public static string Run(Random random, TimeSpan duration)
    {
        using var memory = new GuardedMemory();
        int inputs = 0;
        foreach (string stream in Streams)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(
                string.Concat(Enumerable.Repeat(stream, LongestInput / stream.Length + 2)));
            for (int length = 0; length <= LongestInput; length++)
            {
                int start = random.Next(bytes.Length - length + 1);
                byte[] input = bytes[start..(start + length)];
                List<SseEvent> expected = Parse([input]);
                for (int cut = 0; cut <= length; cut += Math.Max(1, length / 40))
                {
                    Compare(expected, Parse(Place(input, cut, atEnd: true)), input);
                    Compare(expected, Parse(Place(input, cut, atEnd: false)), input);
                    inputs += 2;
                }
            }
        }

        string where = OperatingSystem.IsLinux()
            ? "between protected pages"
            : "in ordinary memory: there are no protected pages on this system";
        return $"{inputs} inputs, {where}";

        IEnumerable<ReadOnlyMemory<byte>> Place(byte[] input, int cut, bool atEnd)
        {
            yield return memory.Place(input.AsSpan(0, cut), atEnd);
            yield return memory.Place(input.AsSpan(cut), atEnd);
        }
    }

    private static List<SseEvent> Parse(IEnumerable<ReadOnlyMemory<byte>> chunks)
    {
        List<SseEvent> events = [];
        using var source = new Subject<ReadOnlyMemory<byte>>();
        using IDisposable text = source.ParseSse().Subscribe(events.Add);
        using IDisposable bytes = source.ParseSse(e => e.Data.Length).Subscribe();
        foreach (ReadOnlyMemory<byte> chunk in chunks)
            source.OnNext(chunk);
        return events;
    }

    private static void Compare(List<SseEvent> expected, List<SseEvent> actual, byte[] input) =>
        WrongResultException.ThrowUnless(
            expected.SequenceEqual(actual), $"{Encoding.UTF8.GetString(input)} gave other events when it was cut.");
}
