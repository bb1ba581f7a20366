using System.IO.Pipelines;
using System.Net.ServerSentEvents;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Text;

namespace Rx.Sse.Tests.Documentation;

/// <summary>
/// Checks what the comparison in docs/migrating.md says about the platform's <see cref="SseParser"/> and about this
/// library.
/// </summary>
[CancelAfter(60_000)]
internal sealed class ComparisonTests
{
    [Test]
    public async Task EventThatEndsWithCr_ComesAtOnce_OrWithTheNextByte(CancellationToken hang)
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync("data: a\r\r"u8.ToArray(), hang);
        await using IAsyncEnumerator<SseItem<string>> items =
            SseParser.Create(pipe.Reader.AsStream()).EnumerateAsync(hang).GetAsyncEnumerator(hang);
        ValueTask<bool> item = items.MoveNextAsync();
        bool atOnce = item.IsCompleted;
        await pipe.Writer.WriteAsync("d"u8.ToArray(), hang);

        Assert.That(await item, Is.True);
        Assert.That(atOnce, Is.False);
        Assert.That(Parse("data: a\r\r"), Is.EqualTo(new[] { ("message", "a", "") }));
    }

    [Test]
    public void TypeOfABlockWithoutData_IsForgotten_OrGivenToTheNext()
    {
        const string stream = "event: lost\n\ndata: a\n\n";

        Assert.That(SseParser.Create(Bytes(stream)).Enumerate().Single().EventType, Is.EqualTo("lost"));
        Assert.That(Parse(stream), Is.EqualTo(new[] { ("message", "a", "") }));
    }

    [Test]
    public void IdOfABlockThatIsCutOff_DoesNotCount_OrDoes()
    {
        const string stream = "id: 1\ndata: a\n\nid: 2\ndata: cut o";
        SseParser<string> parser = SseParser.Create(Bytes(stream));

        Assert.That(parser.Enumerate().Count(), Is.EqualTo(1));
        Assert.That(parser.LastEventId, Is.EqualTo("2"));
        Assert.That(Parse(stream), Is.EqualTo(new[] { ("message", "a", "1") }));
    }

    [Test]
    public void SizeOfAnEvent_IsBounded_OrNot()
    {
        string stream = $"data: {new string('x', SseOptions.DefaultMaxEventSize)}\n\n";

        Assert.That(
            SseParser.Create(Bytes(stream)).Enumerate().Single().Data,
            Has.Length.EqualTo(SseOptions.DefaultMaxEventSize));
        Assert.That(() => Parse(stream), Throws.TypeOf<SseLimitException>());
    }

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <summary>Returns what the parser delivers while the stream is still open.</summary>
    private static List<(string, string, string)> Parse(string text)
    {
        List<(string, string, string)> events = [];
        using var chunks = new Subject<ReadOnlyMemory<byte>>();
        chunks.ParseSse().Subscribe(e => events.Add((e.EventType, e.Data, e.LastEventId)));
        chunks.OnNext(Encoding.UTF8.GetBytes(text));
        return events;
    }
}
