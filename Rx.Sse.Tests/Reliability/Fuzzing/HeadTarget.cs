using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Rx.Sse.Testing;

namespace Rx.Sse.Tests.Reliability.Fuzzing;

/// <summary>Responses that are messages in memory, in virtual time, with the default policy.</summary>
internal sealed class HeadTarget : FuzzTarget
{
    public override Tally Tally { get; } = new("responses in memory");

    public override Task<string?> TryAsync(int seed, int number)
    {
        HostileHead head = Generate(HostileHeads.Any, seed, number);
        string actual = Connect(head);
        Tally.AddInput();
        Tally.Add(actual.Split(' ', ',')[0]);
        Tally.Add("with Retry-After", head.RetryAfter.Seconds > 3 && actual.EndsWith('s') ? 1 : 0);
        return Task.FromResult(actual == head.Outcome
            ? null
            : $"Seed {seed}, response {number}: {actual} instead of {head.Outcome}. {head}");
    }

    private static string Connect(HostileHead head)
    {
        var scheduler = new HistoricalScheduler(HostileHeads.Now);
        var server = new SseTestServer(scheduler, head.Script, SseTest.NeverAnswer()) { AllowAutoRedirect = false };
        var options = new SseOptions { Reconnection = SseReconnection.Default with { UseJitter = false } };
        List<string> seen = [];
        using HttpClient client = server.CreateClient();
        using (Observable.FromSseSignals(client, "/", options, scheduler).Subscribe(
            signal =>
            {
                if (signal is SseDisconnected disconnected)
                    seen.Add($"{Describe(disconnected.Reason)} after {disconnected.Delay!.Value.TotalSeconds} s");
                else if (signal is not SseConnecting)
                    seen.Add(signal is SseOpened ? "opened" : "event");
            },
            error => seen.Add($"failed with {Describe(error)}"),
            () => seen.Add("completed")))
        {
            scheduler.AdvanceBy(TimeSpan.FromMilliseconds(int.MaxValue));
        }

        return string.Join(", ", seen);
    }

    private static string Describe(Exception error) => error is SseResponseException response
        ? $"{nameof(SseResponseException)} {(int)response.StatusCode} with {HostileHead.DescriptionOf(response.Body)}"
        : error.GetType().Name;
}
