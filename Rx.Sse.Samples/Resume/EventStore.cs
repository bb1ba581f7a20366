using Microsoft.Data.Sqlite;

namespace Rx.Sse.Samples.Resume;

/// <summary>
/// The events of a stream in a database, and where to resume the stream. Both change in one transaction: whenever the
/// process dies, the last event ID is that of the last event that is there, and the server sends what comes after it.
/// </summary>
internal sealed class EventStore : IDisposable
{
    /// <summary>
    /// The log is not forced to the disk after each event. What the machine's own end takes from it are whole
    /// transactions, event and ID together: the server sends those events again.
    /// </summary>
    private const string Schema = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        CREATE TABLE IF NOT EXISTS event (position INTEGER PRIMARY KEY, stream TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS resume (stream TEXT PRIMARY KEY, last_event_id TEXT NOT NULL);
        INSERT OR IGNORE INTO resume VALUES ($stream, '');
        """;

    private const string Insert = "INSERT INTO event (stream, id, type, data) VALUES ($stream, $id, $type, $data)";
    private const string Advance =
        "UPDATE resume SET last_event_id = $id WHERE stream = $stream AND last_event_id = $previous";

    private readonly SqliteConnection _connection;
    private readonly string _stream;

    /// <param name="file">The database; made if there is none.</param>
    /// <param name="stream">Which stream it is, for there may be several in a database.</param>
    public EventStore(string file, string stream)
    {
        _stream = stream;
        _connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ConnectionString);
        try
        {
            _connection.Open();
            Command(Schema).ExecuteNonQuery();
            LastEventId = (string)Command("SELECT last_event_id FROM resume WHERE stream = $stream").ExecuteScalar()!;
            Count = (long)Command("SELECT count(*) FROM event WHERE stream = $stream").ExecuteScalar()!;
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>Where to resume; empty at the beginning.</summary>
    public string LastEventId { get; private set; }

    /// <summary>How many events there are.</summary>
    public long Count { get; private set; }

    /// <summary>
    /// Adds the event and moves the resume point, or does neither. Returns how many events there are.
    /// </summary>
    /// <exception cref="IOException">Another process has added events to the stream.</exception>
    public long Add(SseEvent e)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        Command(Insert, ("$id", e.LastEventId), ("$type", e.EventType), ("$data", e.Data)).ExecuteNonQuery();

        // Two that consume the same stream into the same table would double it: the one that comes second stops.
        if (Command(Advance, ("$id", e.LastEventId), ("$previous", LastEventId)).ExecuteNonQuery() == 0)
            throw new IOException(
                "Another process is writing the same stream to this database. Let it, or stop it first.");
        transaction.Commit();
        LastEventId = e.LastEventId;
        return ++Count;
    }

    /// <summary>Looks through all that is there.</summary>
    public Verdict Check()
    {
        const string Query = """
            SELECT count(*),
                   count(*) - count(DISTINCT id),
                   CASE WHEN sum(id GLOB '*[^0-9]*') > 0 THEN NULL ELSE coalesce(max(CAST(id AS INTEGER)) - min(CAST(id AS INTEGER)) + 1 - count(DISTINCT id), 0) END
            FROM event WHERE stream = $stream
            """;
        using SqliteDataReader row = Command(Query).ExecuteReader();
        row.Read();
        return new Verdict(row.GetInt64(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetInt64(2));
    }

    public void Dispose() => _connection.Dispose();

    private SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, string Value)> parameters)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$stream", _stream);
        foreach ((string name, string value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command;
    }
}
