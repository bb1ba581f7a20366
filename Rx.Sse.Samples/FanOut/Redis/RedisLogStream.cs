using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace Rx.Sse.Samples.FanOut.Redis;

/// <summary>The keys of one log in Redis, and its commands. What the client throws is passed on.</summary>
/// <param name="redis">The database.</param>
/// <param name="name">What the keys begin with.</param>
/// <param name="length">How many entries are kept.</param>
/// <param name="leaseTime">How long a lease lasts from when it was taken or renewed.</param>
internal sealed class RedisLogStream(IDatabase redis, string name, int length, TimeSpan leaseTime)
{
    /// <summary>
    /// Appends an event if the lease is the caller's and the newest entry is the one that the caller believes it to be.
    /// Gives the ID of the new entry, or nothing. An entry has the mark of its append first: where the answer to an
    /// append got lost, the second attempt finds its entry there. Each append renews the lease.
    /// </summary>
    private const string AppendScript = """
        local lease, log = KEYS[1], KEYS[2]
        local owner, time, believed, mark, length = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
        local newest = redis.call('XREVRANGE', log, '+', '-', 'COUNT', 1)[1]
        if newest and newest[2][2] == mark then return newest[1] end
        if redis.call('GET', lease) ~= owner then return nil end
        if (newest and newest[1] or '') ~= believed then return nil end
        local id = redis.call('XADD', log, 'MAXLEN', length, '*', 'mark', mark, unpack(ARGV, 6))
        redis.call('PEXPIRE', lease, time)
        redis.call('PUBLISH', log, id)
        return id
        """;

    private readonly RedisKey _log = LogKey(name);
    private readonly RedisKey _lease = LeaseKey(name);

    /// <summary>
    /// The name of an upstream's log. The address may have secrets in its query, so only a hash tells addresses
    /// apart that differ there.
    /// </summary>
    public static string NameOf(Uri upstream)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(upstream.AbsoluteUri)));
        return $"rx-sse:{upstream.GetComponents(UriComponents.HostAndPort | UriComponents.Path, UriFormat.UriEscaped)}"
            + $":{hash[..8]}";
    }

    /// <summary>How often a lease is renewed, and tried to be had.</summary>
    public TimeSpan LeaseInterval => leaseTime / 3;

    /// <summary>Where the ID of each new entry is published.</summary>
    public string Channel => _log.ToString();

    /// <summary>The part in braces decides on the node of a cluster: it is the same one for both keys.</summary>
    public static string LogKey(string name) => $"{{{name}}}:log";

    public static string LeaseKey(string name) => $"{{{name}}}:lease";

    /// <summary>Appends an event and returns the ID of its entry, or null if the caller may not append.</summary>
    /// <param name="owner">Whose lease it must be.</param>
    /// <param name="newest">The ID that the newest entry must have; empty if there must be none.</param>
    /// <param name="mark">Unique to this event.</param>
    /// <param name="e">The event.</param>
    public string? Append(string owner, string newest, string mark, SseEvent e)
    {
        List<RedisValue> arguments = [owner, (long)leaseTime.TotalMilliseconds, newest, mark, length];
        arguments.AddRange(["upstream", e.LastEventId, "data", e.Data]);
        if (e.Event is not null)
            arguments.AddRange(["event", e.Event]);
        if (e.Retry is { } retry)
            arguments.AddRange(["retry", (long)retry.TotalMilliseconds]);
        return (string?)redis.ScriptEvaluate(AppendScript, [_lease, _log], [.. arguments]);
    }

    public async Task<LogEntry?> ReadNewestAsync() => (await ReadLastAsync(1))?.SingleOrDefault();

    /// <summary>The newest entries, in order. Never null.</summary>
    public async Task<IReadOnlyList<LogEntry>?> ReadLastAsync(int count)
    {
        StreamEntry[] entries = await redis.StreamRangeAsync(_log, count: count, messageOrder: Order.Descending);
        Array.Reverse(entries);
        return Array.ConvertAll(entries, ToLogEntry);
    }

    /// <summary>
    /// The entries after the one with that ID, or from the oldest on if the ID is null; null if there is no such entry.
    /// </summary>
    public async Task<IReadOnlyList<LogEntry>?> ReadAfterAsync(string? id, int limit)
    {
        if (id is null)
            return Array.ConvertAll(await redis.StreamRangeAsync(_log, count: limit), ToLogEntry);
        if (!IsEntryId(id))
            return null;

        // The range begins with the entry itself, to see in the same moment that nothing after it is missing.
        StreamEntry[] entries = await redis.StreamRangeAsync(_log, minId: id, count: limit + 1);
        return entries is [var known, .. var after] && known.Id == id ? Array.ConvertAll(after, ToLogEntry) : null;
    }

    public Task<bool> TakeLeaseAsync(string owner) => redis.LockTakeAsync(_lease, owner, leaseTime);

    /// <summary>Returns false if the lease is no longer the owner's.</summary>
    public Task<bool> RenewLeaseAsync(string owner) => redis.LockExtendAsync(_lease, owner, leaseTime);

    public Task ReleaseLeaseAsync(string owner) => redis.LockReleaseAsync(_lease, owner);

    /// <summary>Whether Redis writes IDs like this: two numbers. It would take others for something else.</summary>
    private static bool IsEntryId(string id) => id.Split('-') is [var time, var number]
        && ulong.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        && ulong.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static LogEntry ToLogEntry(StreamEntry entry) => new(
        entry.Id!,
        new SseEvent
        {
            LastEventId = entry["upstream"].ToString(),
            Data = entry["data"].ToString(),
            Event = entry["event"],
            Retry = entry["retry"] is { IsNull: false } retry ? TimeSpan.FromMilliseconds((long)retry) : null,
        });
}
