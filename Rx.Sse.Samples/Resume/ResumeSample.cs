using System.CommandLine;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Microsoft.Data.Sqlite;
using Polly;
using Rx.Sse.Samples.Tail.Output;

namespace Rx.Sse.Samples.Resume;

/// <summary>
/// Takes every event of a stream into a database exactly once, however often the process is killed and the connection
/// breaks.
/// </summary>
internal static class ResumeSample
{
    private const int DefaultCount = 200;
    private static readonly TimeSpan BetweenEvents = TimeSpan.FromMilliseconds(50);

    public static Command CreateCommand()
    {
        var database = new Option<string>("--database", "-d")
        {
            HelpName = "FILE",
            Description = "Where the events go. Delete it to begin again.",
            DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "rx-sse-resume.db"),
        };
        var url = new Option<Uri?>("--url", "-u")
        {
            HelpName = "URL",
            Description =
                "The stream, in which every event has an ID. Without it, numbered events of this sample's own server.",
            CustomParser = ArgumentValue.Url,
        };
        var count = new Option<int?>("--count", "-n")
        {
            HelpName = "N",
            Description =
                $"The number of events in the database at which to end. Default: {DefaultCount}, or no end with --url.",
            CustomParser = result => ArgumentValue.Integer(result, atLeast: 1),
        };
        var command = new Command(
            "resume", "Every event into a database exactly once: kill it at any moment, and start it again.")
        {
            database,
            url,
            count,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(url) is { } other)
                return await RunAsync(
                    parsed.GetValue(database)!, other, $"{other}", parsed.GetValue(count), cancellation);

            await using var server = new NumberedServer(number => $"data: event {number}\n")
            {
                Count = parsed.GetValue(count) ?? DefaultCount,
                EventsPerConnection = 30,
                Pace = (_, aborted) => Task.Delay(BetweenEvents, aborted),
            };
            await server.StartAsync(cancellation);
            return await RunAsync(parsed.GetValue(database)!, server.Url, "embedded", server.Count, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        string database, Uri url, string stream, int? count, CancellationToken cancellation)
    {
        try
        {
            using var store = new EventStore(database, stream);
            Console.WriteLine(store.Count == 0
                ? $"Begins at the beginning: there is no event in {database}."
                : $"Goes on after ID {TerminalText.Visible(store.LastEventId)}: "
                + $"there are {store.Count} events in {database}.");
            try
            {
                if (count is null || store.Count < count)
                    await ConsumeAsync(store, url, count, cancellation);
            }
            finally
            {
                Console.WriteLine(store.Check());
            }

            return store.Check().IsExactlyOnce && store.Count >= (count ?? 0) ? ExitCode.Success : ExitCode.Failure;
        }
        catch (SqliteException exception)
        {
            throw new IOException($"The database {database} cannot be used.", exception);
        }
    }

    private static async Task ConsumeAsync(EventStore store, Uri url, int? count, CancellationToken cancellation)
    {
        var options = new SseOptions
        {
            LastEventId = store.LastEventId,
            Reconnection = SseReconnection.Default with
            {
                // An address that has never worked is more likely wrong than down.
                ShouldHandle = failure =>
                    failure.Context.Properties.GetValue(SseResilienceKeys.Attempt, default).ConnectionCount > 0
                    ? SseReconnection.Default.ShouldHandle(failure)
                    : PredicateResult.False(),
            },
        };

        using var client = new HttpClient();
        await Observable.FromSseSignals(client, url, options)

            // An interrupt waits for the event under way; to dispose of the subscription would not.
            .TakeUntil(Task.Delay(Timeout.Infinite, cancellation).ToObservable())
            .Do(Report)
            .OfType<SseEvent>()
            .Do(CheckId)
            .Select(store.Add)
            .Do(stored => Console.WriteLine($"{stored}{(count is null ? "" : $" of {count}")} events"))
            .TakeUntil(stored => stored >= count)
            .LastOrDefaultAsync()
            .ToTask();
    }

    private static void CheckId(SseEvent e)
    {
        if (string.IsNullOrEmpty(e.Id))
            throw new IOException(
                "There is an event without an ID, and no going on after it. Exactly once needs an ID in every event.");
    }

    private static void Report(SseSignal signal)
    {
        if (signal is SseDisconnected lost)
            Console.Error.WriteLine(TerminalText.Visible(CommandLine.InWords(lost.Reason)));
    }
}
