using System.Globalization;
using System.Net;
using Rx.Sse.Testing.Scripting;

namespace Rx.Sse.Testing.Recording;

/// <summary>Builds the script of one connection from its records. Times are relative to the request.</summary>
internal sealed class RecordedConnection(TimeSpan start, string path)
{
    private static readonly string[] Framing = ["Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive"];

    private SseResponseScript? _response;
    private SseScript _script = Scripts.NeverAnswer;
    private TimeSpan _last = TimeSpan.Zero;
    private bool _isOver;

    public string Path { get; } = path;

    public SseScript Script => _script;

    /// <summary>Adds a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="started">When the recording was started; null if the recording does not say.</param>
    public void Add(Record record, DateTimeOffset? started)
    {
        TimeSpan time = record.Time - start;
        if (time < _last)
        {
            string earlier = RecordingFormat.OfTime(start + _last);
            throw record.Invalid($"its time is before {earlier}, the time of the record before it.");
        }

        if (_isOver)
            throw record.Invalid("its connection has already ended.");
        if (_response is null && record.Verb is RecordingFormat.Bytes or RecordingFormat.End)
            throw record.Invalid("its connection has no response.");

        _last = time;
        switch (record.Verb)
        {
            case RecordingFormat.Response when _response is null:
                _script = _response = Scripts.Answer(HeadOf(record, started), time);
                break;
            case RecordingFormat.Bytes:
                _script = _response = _response!.Send(time, BytesOf(record));
                break;
            case RecordingFormat.End:
                (_script, _isOver) = (_response!.Close(time), true);
                break;
            case RecordingFormat.Error:
                (_script, _isOver) = (Broken(time, record), true);
                break;
            case RecordingFormat.Leave:
                // When the client disconnects is up to the client of the replay.
                _isOver = true;
                break;
            default:
                throw record.Invalid("its connection already has a response.");
        }
    }

    /// <summary>Breaks the connection with the recorded exception, or with a reset if there is none.</summary>
    private SseScript Broken(TimeSpan time, Record record)
    {
        Exception? error = record.Lines.Count == 0 ? null : RecordedErrors.FromLines(record.Lines)
            ?? throw record.Invalid("its exception is not of the form TYPE \"message\".");
        return _response?.Reset(time, error)
            ?? Scripts.Refuse(time, error ?? NetworkErrors.BeforeResponse(NetworkErrors.ConnectionReset()));
    }

    private static byte[] BytesOf(Record record)
    {
        var bytes = new List<byte>();
        foreach (string line in record.Lines)
            bytes.AddRange(ByteText.FromText(line) ?? throw record.Invalid($"{line} is not a quoted text."));
        return [.. bytes];
    }

    private static ResponseHead HeadOf(Record record, DateTimeOffset? started)
    {
        string[] words = RecordingReader.Words(record.Rest);
        string code = words.FirstOrDefault() ?? "";
        bool isNumber = int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out int status);
        if (!isNumber || status is not (101 or (>= 200 and <= 999)))
            throw record.Invalid($"'{code}' is not a status.");
        if (words.Length > 2)
            throw record.Invalid($"'{words[2]}' follows in its line.");
        Uri? address = null;
        if (words.Length > 1 && !RecordingReader.TryParseAddress(words[1], out address))
            throw record.Invalid($"'{words[1]}' is not an address.");
        string? contentType = null;
        var headers = new List<(string Name, string Value)>();
        foreach (string line in record.Lines)
        {
            (string name, string value) = HeaderOf(record, line);
            if (Is(name, "Content-Type") && value == RecordingFormat.LeftOut)
                contentType = "text/event-stream";
            else if (Is(name, "Content-Type"))
                contentType = contentType is null ? value : $"{contentType}, {value}";
            else if (value != RecordingFormat.LeftOut && !Framing.Any(framing => Is(name, framing)))
                headers.Add((name, value));
        }

        // A date in Retry-After is relative to the date of the response.
        if (started is { } origin
            && record.Time < DateTimeOffset.MaxValue - origin
            && !headers.Any(header => Is(header.Name, "Date")))
            headers.Add(("Date", (origin + record.Time).ToString("R", CultureInfo.InvariantCulture)));
        return new ResponseHead((HttpStatusCode)status, contentType, [.. headers]) { Address = address };
    }

    /// <summary>Parses the line of a header.</summary>
    public static (string Name, string Value) HeaderOf(Record record, string line)
    {
        int colon = line.IndexOf(':');
        string name = colon < 0 ? "" : line[..colon];
        return name.Length > 0 && name.All(c => char.IsLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c))
            ? (name, line[(colon + 1)..].TrimStart(' ', '\t'))
            : throw record.Invalid($"'{line}' is not of the form NAME: VALUE.");
    }

    private static bool Is(string name, string expected) =>
        string.Equals(name, expected, StringComparison.OrdinalIgnoreCase);
}
