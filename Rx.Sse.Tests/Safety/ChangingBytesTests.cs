using System.Reactive.Subjects;
using System.Text;
using Rx.Sse.Parsing;
using Rx.Sse.Tests.Reliability.Fuzzing;
using Rx.Sse.Tests.Reliability.Safety;

namespace Rx.Sse.Tests.Safety;

/// <summary>
/// The caller's buffer is overwritten while it is parsed: in the callbacks, as programs do it, and by another thread.
/// The events may be garbage, but each must end, and must contain only bytes that were in the buffer.
/// </summary>
[CancelAfter(120_000)]
internal sealed class ChangingBytesTests
{
    [Test]
    public void Feed_OverwrittenInEveryCallback_ReportsOnlyBytesOfTheInput([Range(1, 8)] int seed)
    {
        var random = new Random(seed);
        using var guarded = new GuardedMemory();
        CanaryPool.Fill();
        int callbacks = 0;
        for (int i = 0; i < 500; i++)
        {
            byte[] bytes = new byte[random.Next(4) == 0 ? random.Next(1, 64) : random.Next(64, 6_000)];
            ChangingBytes.Fill(bytes, random);
            Memory<byte> chunk = guarded.Place(bytes, atEnd: random.Next(2) == 0);
            var log = new CallbackLog(() => ChangingBytes.Overwrite(chunk.Span, random));
            var parser = new SseParser(
                new OverwritingSink(log),
                new LastEventIdBuffer(""),
                random.Next(2) == 0 ? 2_000 : SseOptions.DefaultMaxEventSize);
            for (int feeds = 0; feeds < 4 && parser.Feed(chunk.Span) == SseFeedResult.NeedsMore; feeds++)
                ChangingBytes.Overwrite(chunk.Span, random);

            Assert.That(log.Foreign, Is.Empty, $"input {i}");
            Assert.That(log.Callbacks, Is.LessThan(4 * bytes.Length), "no place is reported twice");
            callbacks += log.Callbacks;
        }

        Assert.That(callbacks, Is.GreaterThan(10_000));
    }

    [Test]
    public void ParseSse_OverwrittenInOnNext_DeliversOnlyBytesOfTheInput([Values] bool typed, [Range(1, 4)] int seed)
    {
        var random = new Random(seed);
        CanaryPool.Fill();
        int events = 0;
        for (int i = 0; i < 300; i++)
        {
            byte[] buffer = new byte[random.Next(64, 6_000)];
            ChangingBytes.Fill(buffer, random);
            using var source = new Subject<ReadOnlyMemory<byte>>();
            List<SseEvent> foreign = [];
            void OnEvent(SseEvent e)
            {
                events++;
                if (!ChangingBytes.IsOfTheInput(e))
                    foreign.Add(e);
                ChangingBytes.Overwrite(buffer, random);
            }

            using IDisposable subscription = typed
                ? source.ParseSse(e =>
                {
                    ChangingBytes.Overwrite(buffer, random);
                    return new SseEvent
                    {
                        Data = Encoding.UTF8.GetString(e.Data.ToArray()),
                        LastEventId = Encoding.UTF8.GetString(e.LastEventId.ToArray()),
                    };
                }).Subscribe(OnEvent)
                : source.ParseSse().Subscribe(OnEvent);
            for (int feeds = 0; feeds < 4; feeds++)
                source.OnNext(buffer);

            Assert.That(foreign, Is.Empty, $"input {i}");
        }

        Assert.That(events, Is.GreaterThan(5_000));
    }

    /// <summary>The string is decoded in two passes. Neither may rely on what the other has read.</summary>
    [Test]
    public async Task Decode_BytesChangeMeanwhile_GivesOnlyBytesOfTheInput(CancellationToken hang)
    {
        byte[] buffer = new byte[200];
        byte[][] texts =
        [
            .. new[] { "a", "é", "日", "😀", "aé日😀 " }
                .Select(text => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(text, 200))))
                .Select(bytes => bytes.Take(200).ToArray()),
        ];
        texts[0].CopyTo(buffer, 0);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(hang);
        Task writing = Task.Run(
            () =>
            {
                for (int i = 0; !end.IsCancellationRequested; i++)
                    texts[i % texts.Length].CopyTo(buffer, 0);
            },
            hang);

        List<string> faults = [];
        int changed = 0;
        for (int i = 0; i < 300_000 && faults.Count == 0; i++)
        {
            string text = Utf8Decoder.Decode(buffer.AsSpan(i % 7, 190 - i % 13));
            if (!ChangingBytes.IsOfTheInput(text))
                faults.Add(text);
            if (text.Contains('\uFFFD', StringComparison.Ordinal))
                changed++;
        }

        await end.CancelAsync();
        await writing;
        TestContext.Out.WriteLine($"{changed} texts changed while they were decoded.");
        Assert.That(faults, Is.Empty);
    }

    private sealed class CallbackLog(Action overwrite)
    {
        public List<string> Foreign { get; } = [];

        public int Callbacks { get; private set; }

        public void Add(
            ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default, ReadOnlySpan<byte> third = default)
        {
            Callbacks++;
            foreach (byte[] bytes in new[] { first.ToArray(), second.ToArray(), third.ToArray() })
            {
                if (!ChangingBytes.IsOfTheInput(bytes))
                    Foreign.Add(Encoding.Latin1.GetString(bytes));
            }

            overwrite();
        }
    }

    private sealed class OverwritingSink(CallbackLog log) : EventSink
    {
        public override bool WantsComments => true;

        public override bool OnEvent(ReadOnlySpan<byte> chunk, EventBlock block)
        {
            var e = new SseUtf8Event(chunk, block);
            log.Add(e.Data, e.Event, e.Id);
            log.Add(e.LastEventId, e.Data);
            return true;
        }

        public override bool OnComment(ReadOnlySpan<byte> text)
        {
            log.Add(text);
            return true;
        }

        public override void OnReconnectionTime(TimeSpan time) => log.Add(default);
    }
}
