using System.CommandLine;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Microsoft.Data.Sqlite;
using Rx.Sse.Samples.Tail;
using Rx.Sse.Samples.Tail.Output;

namespace Rx.Sse.Samples.Resume;

/// <summary>
/// Stores every event of a stream in a database exactly once, however often the process is killed and the connection
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
            Description = "The database of the events. Delete it to start again.",
            DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "rx-sse-resume.db"),
        };
        var url = new Option<Uri?>("--url", "-u")
        {
            HelpName = "URL",
            Description =
                "The stream; every event must have an ID. Without it, the sample starts a server of numbered events.",
            CustomParser = ArgumentValue.Url,
        };
        var count = new Option<int?>("--count", "-n")
        {
            HelpName = "N",
            Description =
                $"Stop when the database has N events. Default: {DefaultCount}, or no limit with --url.",
            CustomParser = result => ArgumentValue.Integer(result, atLeast: 1),
        };
        var command = new Command(
            "resume", "Store every event exactly once, even if the program is killed and started again.")
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
            if (store.Count >= count)
            {
                Console.WriteLine(
                    $"Nothing to do: {database} already has {store.Count} events of this stream, and {count} are "
                        + "wanted. Delete it to start again, or use a larger --count.");
            }
            else
            {
                Console.WriteLine(store.Count == 0
                    ? $"Starting with the first event: {database} has none of this stream."
                    : $"Resuming after ID {TerminalText.Visible(store.LastEventId)}: "
                        + $"{database} has {store.Count} events.");
                await ConsumeAsync(store, url, count, cancellation);
            }

            Verdict verdict = store.Check();
            return verdict.IsExactlyOnce && verdict.Events >= (count ?? 0) ? ExitCode.Success : ExitCode.Failure;
        }
        catch (SqliteException exception)
        {
            throw new IOException($"The database {database} cannot be used.", exception);
        }
    }

    /// <summary>
    /// Stores events until there are enough, and reports the result, also when it fails or is interrupted.
    /// </summary>
    private static async Task ConsumeAsync(EventStore store, Uri url, int? count, CancellationToken cancellation)
    {
        long storedBefore = store.Count;
        var progress = new Progress(storedBefore, count);
        var options = new SseOptions
        {
            LastEventId = store.LastEventId,
            Reconnection = TailSession.OnceConnected,
        };
        using var client = new HttpClient();
        try
        {
            // TakeUntil, because after an interrupt the event that is being stored is stored completely. Disposing of
            // the subscription would not wait for that.
            await Observable.FromSseSignals(client, url, options)
                .TakeUntil(Task.Delay(Timeout.Infinite, cancellation).ToObservable())
                .Do(progress.Show)
                .OfType<SseEvent>()
                .Do(CheckId)
                .Select(store.Add)
                .Do(progress.Add)
                .TakeUntil(stored => stored >= count)
                .LastOrDefaultAsync()
                .ToTask();
        }
        finally
        {
            progress.End();
            Console.WriteLine($"{store.Check().Describe(count)} This run stored {store.Count - storedBefore}.");
        }
    }

    private static void CheckId(SseEvent e)
    {
        if (string.IsNullOrEmpty(e.Id))
            throw new IOException(
                "The stream has an event without an ID. Storing each event exactly once needs an ID in every event.");
    }
}
