using System.Net.Sockets;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;

namespace Rx.Sse.Tests.Integration.Servers;

/// <summary>What goes through real servers, how it is interrupted, and what has to come of it.</summary>
internal static class Delivery
{
    /// <summary>The type of all events that are published without another.</summary>
    public const string EventType = "price";

    /// <summary>
    /// A client with little room for what it has not read yet: a server that is interrupted is in the midst of sending.
    /// </summary>
    public static HttpClient NewClient() => new(NewHandler());

    public static SocketsHttpHandler NewHandler() => new()
    {
        RequestHeaderEncodingSelector = SseRequest.HeaderEncoding,
        ConnectCallback = async (context, cancellation) =>
        {
            var socket =
                new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 64 * 1024 };
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    /// <summary>
    /// Several lines in many scripts; and long, because a killed server's socket still sends what it holds. On the
    /// loopback interface that is more than 2 MB, and so a handful of texts, the last of them cut off.
    /// </summary>
    public static string Text(int number) => $"{number} é漢𝄞\n\n{new string('x', 200_000)}\n {number}: end";

    /// <summary>
    /// Reads a number of events, over several connections. Each but the last is interrupted after its share of events,
    /// while nobody reads.
    /// </summary>
    public static async Task<IList<SseSignal>> ReadAsync(
        IObservable<SseSignal> stream, int count, int[] interruptAfter, Action interrupt, CancellationToken hang)
    {
        (int received, int connections, int ofConnection) = (0, 0, 0);
        IList<SseSignal> signals = await stream
            .Do(signal =>
            {
                if (signal is SseOpened)
                    (connections, ofConnection) = (connections + 1, 0);
                if (signal is not SseEvent)
                    return;
                (received, ofConnection) = (received + 1, ofConnection + 1);
                if (connections <= interruptAfter.Length && ofConnection == interruptAfter[connections - 1])
                    interrupt();
            })
            .TakeUntil(_ => received == count)
            .ToList().ToTask(hang);

        Assert.That(connections, Is.EqualTo(interruptAfter.Length + 1));
        return signals;
    }

    /// <summary>
    /// Every text came exactly once and in order, with its type, and every request named the last event before it.
    /// </summary>
    public static void AssertNothingLostOrDoubled(
        IEnumerable<SseSignal> signals,
        IEnumerable<string> texts,
        Func<string, string>? textOf = null,
        string eventType = EventType,
        string lastEventId = "")
    {
        List<string> received = [];
        List<string> requests = [];
        foreach (SseSignal signal in signals)
        {
            if (signal is SseEvent e)
            {
                Assert.That(e.EventType, Is.EqualTo(eventType));
                received.Add(textOf is null ? e.Data : textOf(e.Data));
                lastEventId = e.LastEventId;
            }
            else if (signal is SseConnecting connecting)
            {
                Assert.That(connecting.LastEventId, Is.EqualTo(lastEventId));
                requests.Add($"'{lastEventId}'");
            }
        }

        TestContext.Out.WriteLine($"{received.Count} events; requests from {string.Join(", ", requests)}");
        Assert.That(received.Select(Shortened), Is.EqualTo(texts.Select(Shortened)));
    }

    /// <summary>So that a failure can be read. What is left out is always the same, but for its length.</summary>
    private static string Shortened(string text) =>
        text.Length < 100 ? text : $"{text[..20]}...({text.Length})...{text[^20..]}";
}
