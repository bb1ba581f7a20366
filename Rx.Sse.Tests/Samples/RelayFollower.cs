using System.Globalization;
using System.Net.ServerSentEvents;
using Rx.Sse.Samples.FanOut;

namespace Rx.Sse.Tests.Samples;

/// <summary>Joins at once, and reads on request.</summary>
internal sealed class RelayFollower : IAsyncDisposable
{
    /// <summary>Stands for a reset in the list of events.</summary>
    public const int Reset = -1;

    private readonly CancellationTokenSource _leaving = new();
    private readonly IAsyncEnumerator<SseItem<string>> _events;
    private Task<bool> _next;

    public RelayFollower(Relay relay, string lastEventId)
    {
        _events = relay.FollowAsync(lastEventId, _leaving.Token).SelectMany(list => list).GetAsyncEnumerator();
        _next = _events.MoveNextAsync().AsTask();
    }

    /// <summary>The ID of the last event that was taken.</summary>
    public string LastEventId { get; private set; } = "";

    /// <summary>Waits until it has the next event, but does not take it. Returns false at the end.</summary>
    public Task<bool> HoldsOneAsync(CancellationToken hang) => _next.WaitAsync(hang);

    /// <summary>Returns the requested number of events, or fewer at the end.</summary>
    public async Task<IReadOnlyList<int>> TakeAsync(int count, CancellationToken hang)
    {
        List<int> events = [];
        while (events.Count < count && await _next.WaitAsync(hang))
        {
            SseItem<string> e = _events.Current;
            events.Add(e.EventType == Relay.ResetEvent ? Reset : int.Parse(e.Data, CultureInfo.InvariantCulture));
            LastEventId = e.EventId ?? LastEventId;
            _next = _events.MoveNextAsync().AsTask();
        }

        return events;
    }

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        try
        {
            await _next;
        }
        catch (OperationCanceledException)
        {
        }

        await _events.DisposeAsync();
        _leaving.Dispose();
    }
}
