using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Rx.Sse.Tests.Reliability.Replay;

/// <summary>
/// A log of numbered events. The response to each request has the events after its <c>Last-Event-ID</c>, in chunks that
/// are cut anywhere. After the last event, the response is 204.
/// </summary>
internal sealed class ReplayLog(int seed)
{
    /// <summary>
    /// How often a text is repeated in the data of the larger events, which makes them larger than one read.
    /// </summary>
    private const int ManyRepetitions = 2_000;

    private int _requests;

    /// <summary>The number of events. Default: unlimited.</summary>
    public long Count { get; init; } = long.MaxValue;

    /// <summary>
    /// The maximum number of events after which a response ends. One in four of these ends is an abort. Default:
    /// unlimited.
    /// </summary>
    public int? MaxEventsPerResponse { get; init; }

    /// <summary>How long to wait after each chunk. Default: no wait.</summary>
    public TimeSpan? Pause { get; init; }

    /// <summary>How responses ended before the last event.</summary>
    public Tally<string> Ends { get; init; } = new();

    /// <summary>
    /// The data of the given event: characters of one to four bytes, on one or two lines, short or long.
    /// </summary>
    public static string DataOf(long number)
    {
        string text = string.Concat(Enumerable.Repeat("é漢𝄞 ", number % 97 == 0 ? ManyRepetitions : (int)(number % 7)));
        return string.Create(CultureInfo.InvariantCulture, $"{number}{(number % 10 == 0 ? "\n" : " ")}{text}.");
    }

    /// <summary>The given event as it is sent.</summary>
    public static string BlockOf(long number) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"id: {number}\ndata: {DataOf(number).Replace("\n", "\ndata: ", StringComparison.Ordinal)}\n\n");

    public async Task AnswerAsync(HttpContext context)
    {
        long last = long.TryParse(
            context.Request.Headers["Last-Event-ID"], CultureInfo.InvariantCulture, out long id) ? id : 0;
        if (last >= Count)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        var random = new Random(seed + 1_000_003 * Interlocked.Increment(ref _requests));
        long end = MaxEventsPerResponse is { } max ? Math.Min(Count, last + random.Next(1, max + 1)) : Count;
        context.Response.ContentType = "text/event-stream";
        var text = new StringBuilder("retry: 0\n");
        while (last < end)
        {
            for (long batchEnd = Math.Min(end, last + random.Next(1, 5)); last < batchEnd;)
                text.Append(BlockOf(++last));
            await SendInChunksAsync(context, Encoding.UTF8.GetBytes(text.ToString()), random);
            text.Clear();
        }

        if (end == Count)
            return;
        bool isAborted = random.Next(4) == 0;
        Ends.Add(isAborted ? "abort" : "end");
        if (isAborted)
            context.Abort();
    }

    /// <summary>Sends the bytes in one chunk, or in two that are cut anywhere, even within a character.</summary>
    private async Task SendInChunksAsync(HttpContext context, ReadOnlyMemory<byte> bytes, Random random)
    {
        int cut = random.Next(2) == 0 ? bytes.Length : random.Next(1, bytes.Length);
        foreach (ReadOnlyMemory<byte> chunk in new[] { bytes[..cut], bytes[cut..] })
        {
            await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            if (Pause is { } pause)
                await Task.Delay(pause, context.RequestAborted);
        }
    }
}
