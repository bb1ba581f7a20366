using System.Globalization;
using System.Reactive;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Polly;

namespace Rx.Sse.Tests.Integration.Samples.Scaling;

/// <summary>
/// Follows relays, any of which may stop, and sometimes switches to another one without need. Counts missing and
/// duplicate events.
/// </summary>
internal sealed class HoppingFollower(HttpClient client, Func<IReadOnlyList<Uri>> relays, int seed)
{
    private readonly Random _random = new(seed);

    public int First { get; private set; }

    public int Last { get; private set; }

    public int Received { get; private set; }

    public int Missing { get; private set; }

    public int Twice { get; private set; }

    public int Resets { get; private set; }

    public int Connections { get; private set; }

    /// <summary>Follows the relays until it has received the event with that number.</summary>
    public async Task FollowAsync(int last, CancellationToken hang)
    {
        var options = new SseOptions
        {
            ReconnectWhen = Observable.Generate(
                0, _ => true, i => i, _ => Unit.Default, _ => TimeSpan.FromMilliseconds(_random.Next(300, 2_000))),
            Reconnection = SseReconnection.Default with
            {
                Delay = TimeSpan.FromMilliseconds(100),
                MaxDelay = TimeSpan.FromMilliseconds(200),
                ConfigureAttempt = attempt => attempt.AddTimeout(TimeSpan.FromSeconds(1)),
            },
        };
        await Observable.FromSse(client, SseRequest.Create(NextRequest), options)
            .Do(Count)
            .TakeUntil(_ => Last >= last)
            .DefaultIfEmpty()
            .ToTask(hang);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{First} to {Last}: {Received} received, {Missing} missing, {Twice} twice, {Resets} resets, "
            + $"over {Connections} connections");

    private HttpRequestMessage NextRequest(SseAttempt attempt)
    {
        Connections++;
        IReadOnlyList<Uri> addresses = relays();
        return new HttpRequestMessage(HttpMethod.Get, addresses[_random.Next(addresses.Count)]);
    }

    private void Count(SseEvent e)
    {
        if (e.Event == "reset")
        {
            Resets++;
            return;
        }

        int number = int.Parse(e.Data, CultureInfo.InvariantCulture);
        if (First == 0)
            (First, Last) = (number, number - 1);
        Received++;
        if (number <= Last)
            Twice++;
        else
            Missing += number - Last - 1;
        Last = Math.Max(Last, number);
    }
}
