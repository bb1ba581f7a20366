using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Rx.Sse.Testing.Recording;

/// <summary>
/// Reads a recording, which may have been edited. Blank lines and lines that begin with <c>#</c> mean nothing. If the
/// last line has no line end and makes no sense, the recording was cut off there, and the rest of it is good.
/// </summary>
internal sealed class RecordingReader
{
    private static readonly string[] Verbs =
    [
        RecordingFormat.Request, RecordingFormat.Response, RecordingFormat.Bytes,
        RecordingFormat.End, RecordingFormat.Error, RecordingFormat.Leave,
    ];

    private readonly Dictionary<int, RecordedConnection> _byNumber = [];
    private readonly List<RecordedConnection> _connections = [];
    private DateTimeOffset? _started;

    /// <summary>Returns the connections in the order of their requests.</summary>
    /// <exception cref="SseRecordingException">The text is damaged, or has a newer format.</exception>
    public static IReadOnlyList<RecordedConnection> Read(TextReader recording)
    {
        string text = recording.ReadToEnd();
        string[] lines = text.Split('\n');
        var reader = new RecordingReader();
        reader.ReadHeader(lines[0].Trim());
        reader.ReadRecords(lines);
        return reader._connections;
    }

    private void ReadHeader(string line)
    {
        string[] words = line.TrimStart('\uFEFF').Split(' ');
        if (words[0] != RecordingFormat.Name || words.Length < 2 || !int.TryParse(words[1], out int version))
        {
            throw new SseRecordingException(
                $"it has to be '{RecordingFormat.Name} {RecordingFormat.Version}'. This is not a recording.", 1);
        }

        if (version != RecordingFormat.Version)
        {
            throw new SseRecordingException(
                $"its format has version {version}, and this Rx.Sse.Testing reads version {RecordingFormat.Version}. "
                + "Use a newer one.",
                1);
        }

        if (words.Length > 2 && DateTimeOffset.TryParse(
            words[2], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset started))
            _started = started;
    }

    private void ReadRecords(string[] lines)
    {
        for (int i = 1; i < lines.Length;)
        {
            int first = i++;
            if (IsIgnored(lines[first]))
                continue;
            var below = new List<string>();
            int last = first;
            for (; i < lines.Length && (IsIndented(lines[i]) || IsIgnored(lines[i])); i++)
            {
                if (IsIgnored(lines[i]))
                    continue;
                below.Add(lines[i].Trim());
                last = i;
            }

            if (last < lines.Length - 1)
                Add(Parse(lines[first].Trim(), first + 1, below));
            else
                AddLast(lines[first].Trim(), first + 1, below);
        }
    }

    /// <summary>
    /// Adds a record whose last line has no line end, so that it may be cut off there. If it is, the whole lines of
    /// its bytes count, and any other record does not.
    /// </summary>
    private void AddLast(string head, int line, List<string> below)
    {
        try
        {
            Record record = Parse(head, line, below);
            if (record.Verb == RecordingFormat.Bytes && below.Count > 0 && ByteText.FromText(below[^1]) is null)
                record = record with { Lines = below.GetRange(0, below.Count - 1) };
            if (record.Verb != RecordingFormat.Response || below.Count == 0)
                Add(record);
        }
        catch (SseRecordingException)
        {
        }
    }

    private static Record Parse(string head, int line, List<string> below)
    {
        string[] words = head.Split([' '], 4, StringSplitOptions.RemoveEmptyEntries);
        if (!RecordingFormat.TryParseTime(words[0], out TimeSpan time))
            throw new SseRecordingException($"'{words[0]}' is not a time, such as 00:00:01.5.", line);
        if (words.Length < 3 || !Verbs.Contains(words[1]))
        {
            throw new SseRecordingException(
                $"after its time, a record has one of {string.Join(", ", Verbs)}, and the number of a request.", line);
        }

        return int.TryParse(words[2], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? new Record(line, time, words[1], number, words.ElementAtOrDefault(3) ?? "", below)
            : throw new SseRecordingException($"'{words[2]}' is not the number of a request.", line);
    }

    private void Add(Record record)
    {
        if (record.Verb == RecordingFormat.Request)
        {
            string[] words = record.Rest.Split(' ');
            if (words.Length != 2 || !TryParseAddress(words[1], out Uri? address))
                throw record.Invalid("a method and an address have to follow.");
            if (_byNumber.ContainsKey(record.Number))
                throw record.Invalid("another request has the same number.");
            var connection = new RecordedConnection(record.Time, address.AbsolutePath);
            _byNumber.Add(record.Number, connection);
            _connections.Add(connection);
        }
        else if (_byNumber.TryGetValue(record.Number, out RecordedConnection? connection))
        {
            connection.Add(record, _started);
        }
        else
        {
            throw record.Invalid("there is no request with this number before it.");
        }
    }

    /// <summary>On Unix, .NET takes a path for the address of a file.</summary>
    public static bool TryParseAddress(string text, [NotNullWhen(true)] out Uri? address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address) && address.Scheme != Uri.UriSchemeFile;

    private static bool IsIgnored(string line) => line.TrimStart() is "" or ['#', ..] or "\r";

    private static bool IsIndented(string line) => line is [' ' or '\t', ..];
}
