using Microsoft.Data.Sqlite;

namespace Rx.Sse.Samples.Resume;

/// <summary>
/// A database with the events of a stream and its last event ID. Both change in one transaction: whenever the process
/// is killed, the ID is that of the last event stored, and the server sends the events after it.
/// </summary>
internal sealed class EventStore : IDisposable
{
    /// <summary>
    /// The log is not flushed to the disk after each event. If the machine fails, the last transactions are lost as a
    /// whole, event and ID together, and the server sends those events again.
    /// </summary>
    private const string Schema = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        CREATE TABLE IF NOT EXISTS event (
            position INTEGER PRIMARY KEY,
            stream TEXT NOT NULL,
            id TEXT NOT NULL,
            type TEXT NOT NULL,
            data TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS resume (stream TEXT PRIMARY KEY, last_event_id TEXT NOT NULL);
        INSERT OR IGNORE INTO resume VALUES ($stream, '');
        """;

    private const string Insert = "INSERT INTO event (stream, id, type, data) VALUES ($stream, $id, $type, $data)";
    private const string Advance =
        "UPDATE resume SET last_event_id = $id WHERE stream = $stream AND last_event_id = $previous";

    private readonly SqliteConnection _connection;
    private readonly string _stream;

    /// <param name="file">The database, which is created if there is none.</param>
    /// <param name="stream">The name of the stream; a database can have several.</param>
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

    /// <summary>The ID to resume after; empty if there are no events yet.</summary>
    public string LastEventId { get; private set; }

    /// <summary>The number of events of the stream.</summary>
    public long Count { get; private set; }

    /// <summary>
    /// Adds the event and updates the last event ID, or does neither. Returns the number of events.
    /// </summary>
    /// <exception cref="IOException">Another process has added events to the stream.</exception>
    public long Add(SseEvent e)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        Command(Insert, ("$id", e.LastEventId), ("$type", e.EventType), ("$data", e.Data)).ExecuteNonQuery();

        // Two processes would store the same events twice. The one that finds the ID changed stops.
        if (Command(Advance, ("$id", e.LastEventId), ("$previous", LastEventId)).ExecuteNonQuery() == 0)
            throw new IOException(
                "Another process is storing the same stream in this database. Only one can run at a time.");
        transaction.Commit();
        LastEventId = e.LastEventId;
        return ++Count;
    }

    /// <summary>Looks for events that are missing or stored twice.</summary>
    public Verdict Check()
    {
        const string Query = """
            SELECT count(*),
                   count(*) - count(DISTINCT id),
                   CASE WHEN sum(id GLOB '*[^0-9]*') > 0 THEN NULL
                   ELSE coalesce(max(CAST(id AS INTEGER)) - min(CAST(id AS INTEGER)) + 1 - count(DISTINCT id), 0) END
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
