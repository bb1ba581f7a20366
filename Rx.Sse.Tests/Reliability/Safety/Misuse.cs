using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Text;

namespace Rx.Sse.Tests.Reliability.Safety;

/// <summary>Programs that break the rules of buffers and of Rx, without unsafe code.</summary>
internal static class Misuse
{
    private static readonly byte[][] Chunks =
    [
        .. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 200)
                .Select(i => $"id: {i}\nevent: tick\ndata: a\ndata: {i} é 日本語\n\n")))
            .Chunk(90),
    ];

    /// <summary>One buffer for all reads from a socket, and a queue between the socket and the parser.</summary>
    public static string ReuseBuffer(Random random, TimeSpan duration)
    {
        byte[] buffer = new byte[4_096];
        int queued = 0, events = 0, foreign = 0;
        using var socket = new Subject<ReadOnlyMemory<byte>>();
        using IDisposable subscription = socket
            .ObserveOn(TaskPoolScheduler.Default)
            .Do(_ => Interlocked.Decrement(ref queued))
            .ParseSse()
            .Subscribe(e =>
            {
                events++;
                foreign += ChangingBytes.IsOfTheInput(e) ? 0 : 1;
            });
        CanaryPool.Fill();
        int reads = SafetyCommand.Repeat(duration, () =>
        {
            int count = random.Next(1, buffer.Length + 1);
            ChangingBytes.Fill(buffer.AsSpan(0, count), random);
            SpinWait.SpinUntil(() => Volatile.Read(ref queued) < 20);
            Interlocked.Increment(ref queued);
            socket.OnNext(buffer.AsMemory(0, count));
        });
        WrongResultException.ThrowUnless(foreign == 0, $"{foreign} events had bytes that were never in the buffer.");
        return $"{reads} reads, {events} events";
    }

    public static string PushFromTwoThreads(Random random, TimeSpan duration)
    {
        int refused = 0;
        int subscriptions = SafetyCommand.Repeat(duration, () =>
        {
            using var source = new Subject<ReadOnlyMemory<byte>>();
            int running = 0, overlaps = 0, foreign = 0;
            Exception? end = null;
            using IDisposable subscription = source.ParseSse().Subscribe(
                e =>
                {
                    overlaps += Interlocked.Increment(ref running) == 1 ? 0 : 1;
                    foreign += ChangingBytes.IsOfTheInput(e) ? 0 : 1;
                    Interlocked.Decrement(ref running);
                },
                error =>
                {
                    overlaps += running;
                    Volatile.Write(ref end, error);
                });

            // Runs until two pushes overlap, however rarely the machine runs both threads at the same time.
            Task.WaitAll(
                Task.Factory.StartNew(
                    Push, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default),
                Task.Factory.StartNew(
                    Push, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
            WrongResultException.ThrowUnless(
                end is InvalidOperationException, $"The subscription has ended with {end}.");
            WrongResultException.ThrowUnless(overlaps == 0, "Two notifications came at the same time.");
            WrongResultException.ThrowUnless(foreign == 0, "An event had bytes that were in no chunk.");

            void Push()
            {
                for (int i = 0; Volatile.Read(ref end) is null; i++)
                {
                    try
                    {
                        source.OnNext(Chunks[i % Chunks.Length]);
                    }
                    catch (InvalidOperationException)
                    {
                        Interlocked.Increment(ref refused);
                    }
                }
            }
        });
        return $"{subscriptions} subscriptions, {refused} chunks refused";
    }

    /// <summary>An observer that pushes the next chunks, some of them cut in the middle of an event.</summary>
    public static string PushFromWithin(Random random, TimeSpan duration)
    {
        int refused = 0, failed = 0;
        int subscriptions = SafetyCommand.Repeat(duration, () =>
        {
            using var source = new Subject<ReadOnlyMemory<byte>>();
            int next = random.Next(Chunks.Length), foreign = 0;
            bool isOver = false;
            using IDisposable subscription = source.ParseSse().Subscribe(
                e =>
                {
                    foreign += ChangingBytes.IsOfTheInput(e) ? 0 : 1;
                    PushNext();
                },
                error =>
                {
                    isOver = true;
                    failed += error is InvalidOperationException ? 1 : 0;
                });
            for (int i = 0; i < Chunks.Length && !isOver; i++)
                PushNext();
            WrongResultException.ThrowUnless(isOver, "The subscription has not failed.");
            WrongResultException.ThrowUnless(foreign == 0, "An event had bytes that were in no chunk.");

            void PushNext()
            {
                try
                {
                    source.OnNext(Chunks[next++ % Chunks.Length]);
                }
                catch (InvalidOperationException)
                {
                    refused++;
                }
            }
        });
        WrongResultException.ThrowUnless(failed == subscriptions, $"{failed} of {subscriptions} subscriptions failed.");
        return $"{subscriptions} subscriptions, {refused} chunks refused";
    }

    /// <summary>
    /// A selector pushes another chunk and then reads pooled bytes, while another thread disposes of the subscription
    /// and rents arrays.
    /// </summary>
    public static string DisposeWhileReading(Random random, TimeSpan duration)
    {
        byte[] start = Encoding.UTF8.GetBytes($"data: {new string('x', 3_000)}\ndata: "), end = "\n\n"u8.ToArray();
        int wrong = 0, refused = 0;
        int subscriptions = SafetyCommand.Repeat(duration, () =>
        {
            using var source = new Subject<ReadOnlyMemory<byte>>();
            using var reading = new ManualResetEventSlim();
            IDisposable subscription = source.ParseSse(e =>
            {
                try
                {
                    source.OnNext(start);
                }
                catch (InvalidOperationException)
                {
                    refused++;
                }

                reading.Set();
                for (int i = 0; i < 200; i++)
                    wrong += ChangingBytes.IsOfTheInput(e.Data) ? 0 : 1;
                return 0;
            }).Subscribe(_ => { }, _ => { });
            Task disposing = Task.Run(() =>
            {
                reading.Wait();
                subscription.Dispose();
                CanaryPool.Fill();
            });
            source.OnNext(start);
            source.OnNext(end);
            disposing.Wait();
        });
        WrongResultException.ThrowUnless(wrong == 0, "A selector has seen what another renter wrote.");
        WrongResultException.ThrowUnless(
            refused == subscriptions, $"{refused} of {subscriptions} chunks were refused.");
        return $"{subscriptions} subscriptions";
    }

    /// <summary>One thread parses a buffer, as text and as bytes, while another thread writes to it.</summary>
    public static string WriteWhileParsing(Random random, TimeSpan duration)
    {
        byte[] buffer = new byte[16 * 1024];
        ChangingBytes.Fill(buffer, random);
        bool isOver = false;
        int seed = random.Next(), events = 0, foreign = 0, parses = 0;
        var writing = Task.Run(() =>
        {
            var writer = new Random(seed);
            while (!Volatile.Read(ref isOver))
                ChangingBytes.Overwrite(buffer, writer);
        });
        try
        {
            parses = SafetyCommand.Repeat(duration, () =>
            {
                if (random.Next(200) == 0)
                    CanaryPool.Fill();
                int start = random.Next(buffer.Length - 200), length = random.Next(1, buffer.Length - start);
                using var source = new Subject<ReadOnlyMemory<byte>>();
                using IDisposable text = source.ParseSse().Subscribe(e => Count(ChangingBytes.IsOfTheInput(e)));
                using IDisposable bytes = source
                    .ParseSse(
                        e => ChangingBytes.IsOfTheInput(e.Data)
                            && ChangingBytes.IsOfTheInput(e.Event)
                            && ChangingBytes.IsOfTheInput(e.Id)
                            && ChangingBytes.IsOfTheInput(e.LastEventId))
                    .Subscribe(Count);
                for (int i = 0; i < 3; i++)
                    source.OnNext(buffer.AsMemory(start, length));
            });
        }
        finally
        {
            Volatile.Write(ref isOver, true);
            writing.Wait();
        }

        WrongResultException.ThrowUnless(foreign == 0, $"{foreign} events had bytes that were never in the buffer.");
        return $"{parses} parses, {events} events";

        void Count(bool isOfTheInput)
        {
            events++;
            foreign += isOfTheInput ? 0 : 1;
        }
    }
}
