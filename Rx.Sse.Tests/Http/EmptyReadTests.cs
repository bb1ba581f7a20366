using System.Reactive.Linq;

namespace Rx.Sse.Tests.Http;

/// <summary>
/// Only bodies of .NET's handlers get empty reads. Other bodies may treat one as the end of the stream (as on .NET
/// Framework and Mono), throw, or complete it at once.
/// </summary>
internal sealed class EmptyReadTests
{
    private const int SmallRead = 4 * 1024;

    private static readonly Func<ValueTask<int>>[] EmptyReads =
    [
        () => new ValueTask<int>(0),
        () => throw new ArgumentException("empty"),
        () => throw new NotSupportedException(),
        () => throw new IOException("It was closed by an empty read."),
    ];

    [Test]
    public void ReadAsync_BodyOfAnotherHandler_GetsSmallReadsAndNoEmptyOne(
        [ValueSource(nameof(EmptyReads))] Func<ValueTask<int>> emptyRead,
        [Values(100, 4_095, 4_096, 4_097, 60_000, 200_000)] int size,
        [Values] bool isWrapped)
    {
        var body = new PushedBody { EmptyRead = emptyRead };
        List<SseEvent> events = [];
        IObservable<SseEvent> stream = isWrapped
            ? new HttpResponseMessage
            {
                Content = new StreamContent(body) { Headers = { { "Content-Type", "text/event-stream" } } },
            }
                .ToSseObservable()
            : body.ToSseObservable();
        using IDisposable subscription = stream.Subscribe(events.Add);

        for (int i = 1; i <= 3; i++)
        {
            body.Push($"data: {new string('x', size - "data: \n\n".Length)}\n\n");
            Assert.That(events, Has.Count.EqualTo(i));
            Assert.That(body.Pending, Is.InRange(1, SmallRead));
        }

        Assert.That(body.EmptyReads, Is.Zero);
        body.End();
    }
}
