using System.Net.Sockets;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;

namespace Rx.Sse.Tests.Integration.Servers;

/// <summary>The events for tests of real servers, how connections are interrupted, and the expected result.</summary>
internal static class Delivery
{
    /// <summary>The type of all events that are published without a different type.</summary>
    public const string EventType = "price";

    /// <summary>
    /// Creates a client with a small receive buffer, so that an interrupted server is in the middle of sending.
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
    /// Returns several lines with characters of several scripts. They are long because the socket of a killed server
    /// still sends the data in its buffers. On the loopback interface these are more than 2 MB, that is, several texts,
    /// the last of them incomplete.
    /// </summary>
    public static string Text(int number) => $"{number} é漢𝄞\n\n{new string('x', 200_000)}\n {number}: end";

    /// <summary>
    /// Reads a number of events, over several connections. Each connection except the last is interrupted after its
    /// share of events, while the client does not read.
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
    /// Asserts that every text arrived exactly once and in order, with its type, and that every request sent the ID of
    /// the last event before it.
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

    /// <summary>
    /// Shortens a text for failure messages. The omitted part is the same in every text, except for its length.
    /// </summary>
    private static string Shortened(string text) =>
        text.Length < 100 ? text : $"{text[..20]}...({text.Length})...{text[^20..]}";
}
