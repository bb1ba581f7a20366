using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Rx.Sse.Testing.Recording;

/// <summary>
/// Reads a recording, which may have been edited. Blank lines and lines that start with <c>#</c> are ignored. A last
/// line without a line end is treated as truncated and ignored, unless it is a complete text of bytes.
/// </summary>
internal sealed class RecordingReader
{
    private static readonly string[] Verbs =
    [
        RecordingFormat.Request, RecordingFormat.Response, RecordingFormat.Bytes,
        RecordingFormat.End, RecordingFormat.Error, RecordingFormat.Leave,
    ];

    private static readonly char[] Blanks = [' ', '\t', '\r'];

    private readonly Dictionary<int, RecordedConnection> _byNumber = [];
    private readonly List<RecordedConnection> _connections = [];
    private DateTimeOffset? _started;

    /// <summary>Returns the connections in the order of their requests.</summary>
    /// <exception cref="SseRecordingException">The text is not valid, or has a newer format.</exception>
    public static IReadOnlyList<RecordedConnection> Read(TextReader recording)
    {
        string text = recording.ReadToEnd();
        string[] lines = text.Split('\n');
        if (lines.Length > 1 && !(IsIndented(lines[^1]) && ByteText.FromText(Trim(lines[^1])) is not null))
            lines[^1] = "";
        var reader = new RecordingReader();
        reader.ReadHeader(lines[0]);
        reader.ReadRecords(lines);
        return reader._connections;
    }

    private void ReadHeader(string line)
    {
        string[] words = Words(line.TrimStart('\uFEFF'));
        if (words.Length < 2 || words[0] != RecordingFormat.Name || !words[1].All(char.IsDigit))
        {
            throw new SseRecordingException(
                $"expected '{RecordingFormat.Name} {RecordingFormat.Version}'. This is not a recording.", 1);
        }

        if (words[1] != $"{RecordingFormat.Version}")
        {
            throw new SseRecordingException(
                $"its format has version {words[1]}, and this Rx.Sse.Testing reads version {RecordingFormat.Version}. "
                + "Update Rx.Sse.Testing.",
                1);
        }

        if (words.Length == 2)
            return;
        bool isTime = DateTimeOffset.TryParse(
            words[2], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset started);
        _started = isTime && words.Length == 3
            ? started
            : throw new SseRecordingException($"'{words[2]}' is not the time of its start.", 1);
    }

    private void ReadRecords(string[] lines)
    {
        for (int i = 1; i < lines.Length;)
        {
            int first = i++;
            if (IsIgnored(lines[first]))
                continue;
            var below = new List<string>();
            for (; i < lines.Length && (IsIndented(lines[i]) || IsIgnored(lines[i])); i++)
            {
                if (IsIgnored(lines[i]))
                    continue;
                if (IsRecord(Words(lines[i])))
                    throw new SseRecordingException("a record is not indented.", i + 1);
                below.Add(Trim(lines[i]));
            }

            Add(Parse(Trim(lines[first]), first + 1, below));
        }
    }

    private static bool IsRecord(string[] words) =>
        words.Length > 2 && RecordingFormat.TryParseTime(words[0], out _) && Verbs.Contains(words[1]);

    private static Record Parse(string head, int line, List<string> below)
    {
        string[] words = head.Split(Blanks, 4, StringSplitOptions.RemoveEmptyEntries);
        if (!RecordingFormat.TryParseTime(words[0], out TimeSpan time))
            throw new SseRecordingException($"'{words[0]}' is not a time, such as 00:00:01.5.", line);
        if (words.Length < 3 || !Verbs.Contains(words[1]))
        {
            throw new SseRecordingException(
                $"after its time, a record has one of {string.Join(", ", Verbs)}, and the number of a request.", line);
        }

        if (!int.TryParse(words[2], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            throw new SseRecordingException($"'{words[2]}' is not the number of a request.", line);
        var record = new Record(line, time, words[1], number, words.ElementAtOrDefault(3) ?? "", below);
        if (record.Rest.Length > 0 && record.Verb is not (RecordingFormat.Request or RecordingFormat.Response))
            throw record.Invalid($"'{record.Rest}' follows in its line.");
        if (below.Count > 0 && record.Verb is RecordingFormat.End or RecordingFormat.Leave)
            throw record.Invalid("it has no lines below.");
        return record;
    }

    private void Add(Record record)
    {
        if (record.Verb == RecordingFormat.Request)
        {
            string[] words = Words(record.Rest);
            if (words.Length != 2 || !TryParseAddress(words[1], out Uri? address))
                throw record.Invalid("a method and an address have to follow.");
            if (_byNumber.ContainsKey(record.Number))
                throw record.Invalid("another request has the same number.");
            foreach (string line in record.Lines)
                RecordedConnection.HeaderOf(record, line);
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

    /// <summary>
    /// Parses an absolute address. Rejects files, because on Unix, .NET parses a path as a file address.
    /// </summary>
    public static bool TryParseAddress(string text, [NotNullWhen(true)] out Uri? address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address) && address.Scheme != Uri.UriSchemeFile;

    private static bool IsIgnored(string line) => Trim(line) is "" or ['#', ..];

    /// <summary>
    /// Trims spaces, tabs and CR, but no other white space, with which a value may start or end.
    /// </summary>
    private static string Trim(string line) => line.Trim(Blanks);

    public static string[] Words(string line) => line.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);

    private static bool IsIndented(string line) => line is [' ' or '\t', ..];
}
