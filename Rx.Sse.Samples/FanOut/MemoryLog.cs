using System.Globalization;
using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Rx.Sse.Samples.FanOut;

/// <summary>A log in this process, for one relay.</summary>
/// <param name="capacity">How many events are kept.</param>
/// <param name="scheduler">The clock.</param>
internal sealed class MemoryLog(int capacity, IScheduler scheduler) : IEventLog
{
    private const int PageSize = 256;

    private readonly EventWindow _window = new(capacity);

    /// <summary>
    /// The first half of each ID, so that an ID from before a restart is not taken for one of now.
    /// </summary>
    private readonly long _started = scheduler.Now.ToUnixTimeMilliseconds();
    private long _number;

    public Task Changed => _window.Changed;

    public IObservable<SseEvent> Append(Func<string, IObservable<SseEvent>> upstream) => Observable
        .Defer(() => upstream(_window.Newest?.Event.LastEventId ?? ""))
        .Do(e => _window.Add(
            new LogEntry(string.Create(CultureInfo.InvariantCulture, $"{_started}-{++_number}"), e)));

    public ValueTask<LogEntry?> ReadNewestAsync(CancellationToken cancellation) => new(_window.Newest);

    public ValueTask<IReadOnlyList<LogEntry>?> ReadAfterAsync(string? id, CancellationToken cancellation) =>
        new(_window.After(id, PageSize));
}
