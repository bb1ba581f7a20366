using System.CommandLine;
using System.CommandLine.Parsing;

namespace Rx.Sse.Samples.Tail;

/// <summary>What can be written on the command line, and what it means.</summary>
internal sealed class TailArguments
{
    private readonly Argument<Uri?> _url = new("URL") { CustomParser = ArgumentValue.Url };
    private readonly Option<bool> _json =
        new("--json", "-j") { Description = "One JSON object per event and line: time, event, lastEventId, data." };
    private readonly Option<bool> _raw = new("--raw", "-r") { Description = "Only the data, unchanged." };
    private readonly Option<string[]> _events = new("--event", "-e")
    {
        HelpName = "NAME",
        Description = "Only events of this type; may be repeated. Those without a type are of type 'message'.",
    };
    private readonly Option<RequestHeader[]> _headers = new("--header", "-H")
    {
        HelpName = "NAME: VALUE",
        Description = "A header to send; may be repeated.",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<string?> _method = new("--method", "-X")
    {
        HelpName = "METHOD",
        Description = "The method of the request. Default: GET, or POST with --data.",
        CustomParser = ParseMethod,
    };
    private readonly Option<string?> _data = new("--data", "-d")
    {
        HelpName = "TEXT",
        Description = "The content of the request; @FILE reads a file. Its type is JSON, unless --header says another.",
        CustomParser = ParseData,
    };
    private readonly Option<bool> _insecure =
        new("--insecure", "-k") { Description = "Accept any certificate of the server." };
    private readonly Option<string?> _lastEventId = new("--last-event-id", "-i")
    {
        HelpName = "ID",
        Description = "Begin after the event with this ID.",
        CustomParser = ParseId,
    };
    private readonly Option<string?> _sinceFile = new("--since-file", "-s")
    {
        HelpName = "FILE",
        Description =
            "Begin after the event whose ID is in this file, if it exists, and keep the ID of the last event written "
                + "in it, so that the next run goes on there.",
        CustomParser = ParseFile,
    };
    private readonly Option<int?> _count = new("--count", "-n")
    {
        HelpName = "N",
        Description = "End after N events. Fewer are a failure.",
        CustomParser = result => ArgumentValue.Integer(result, atLeast: 1),
    };
    private readonly Option<TimeSpan?> _timeout = new("--timeout", "-t")
    {
        HelpName = "SECONDS",
        Description = "End after this time.",
        CustomParser = ArgumentValue.Seconds,
    };
    private readonly Option<TimeSpan?> _idleTimeout = new("--idle-timeout")
    {
        HelpName = "SECONDS",
        Description = "Reconnect when nothing has come for this time, not even a comment or the headers.",
        CustomParser = ArgumentValue.Seconds,
    };
    private readonly Option<int?> _retries = new("--retries")
    {
        HelpName = "N",
        Description =
            "Give up when N retries in a row have failed; 0 never reconnects, and ends with the stream. Default: no "
                + "limit, but the first connection must succeed.",
        CustomParser = result => ArgumentValue.Integer(result, atLeast: 0),
    };
    private readonly Option<string?> _record = new("--record")
    {
        HelpName = "FILE",
        Description =
            "Record all connections in this file, to report a bug or to replay them in a test. Headers and query "
                + "parameters that may be secret are left out; responses are recorded in full.",
    };

    public TailArguments(bool isUrlRequired)
    {
        _headers.CustomParser = ParseHeaders;
        _record.CustomParser = ParseRecording;
        _url.Arity = isUrlRequired ? ArgumentArity.ExactlyOne : ArgumentArity.ZeroOrOne;
        _url.Description = isUrlRequired
            ? "The stream to follow."
            : "The stream to follow. Without it, a server of this sample's own.";
    }

    public void AddTo(Command command)
    {
        command.Arguments.Add(_url);
        Option[] options =
        [
            _json, _raw, _events, _headers, _method, _data, _insecure, _lastEventId, _sinceFile, _count, _timeout,
            _idleTimeout, _retries, _record,
        ];
        foreach (Option option in options)
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_json) && result.GetValue(_raw))
                result.AddError("Choose one of --json and --raw.");
        });
    }

    public Uri? Url(ParseResult command) => command.GetValue(_url);

    public TailOptions Options(ParseResult command)
    {
        SinceFile? sinceFile = command.GetValue(_sinceFile) is { } path ? new SinceFile(path) : null;
        return new TailOptions
        {
            Format =
                command.GetValue(_json) ? TailFormat.Json : command.GetValue(_raw) ? TailFormat.Raw : TailFormat.Pretty,
            Events = command.GetValue(_events) ?? [],
            Method = new HttpMethod(command.GetValue(_method) ?? (command.GetValue(_data) is null ? "GET" : "POST")),
            Data = command.GetValue(_data),
            IsInsecure = command.GetValue(_insecure),
            Headers = command.GetValue(_headers) ?? [],
            LastEventId = sinceFile?.Read() ?? command.GetValue(_lastEventId) ?? "",
            SinceFile = sinceFile,
            Count = command.GetValue(_count),
            Timeout = command.GetValue(_timeout),
            IdleTimeout = command.GetValue(_idleTimeout),
            Retries = command.GetValue(_retries),
            Recording = command.GetValue(_record),
        };
    }

    private RequestHeader[] ParseHeaders(ArgumentResult result)
    {
        bool hasContent = result.GetResult(_data) is not null;
        List<RequestHeader> headers = [];
        foreach (Token token in result.Tokens)
        {
            if (RequestHeader.Parse(token.Value, hasContent, out string error) is { } header)
                headers.Add(header);
            else
                result.AddError(error);
        }

        return [.. headers];
    }

    private static string? ParseId(ArgumentResult result)
    {
        string id = result.Tokens.Single().Value;
        if (id.AsSpan().ContainsAny('\0', '\r', '\n'))
            result.AddError("An event ID is a single line.");
        return id;
    }

    private string? ParseRecording(ArgumentResult result)
    {
        string? path = ParseFile(result);
        string? sinceFile = result.GetResult(_sinceFile) is { Tokens: [var token, ..] } ? token.Value : null;
        if (path is not null && sinceFile is not null && Path.GetFullPath(path) == Path.GetFullPath(sinceFile))
            result.AddError("--record and --since-file need two files.");
        return path;
    }

    private static string? ParseMethod(ArgumentResult result)
    {
        string method = result.Tokens.Single().Value;
        try
        {
            return new HttpMethod(method).Method;
        }
        catch (FormatException)
        {
            result.AddError($"'{method}' is not a method, such as GET or POST.");
            return null;
        }
    }

    private static string? ParseData(ArgumentResult result)
    {
        string data = result.Tokens.Single().Value;
        if (!data.StartsWith('@'))
            return data;
        try
        {
            return File.ReadAllText(data[1..]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            result.AddError($"'{data[1..]}' cannot be read. {exception.Message}");
            return null;
        }
    }

    private static string? ParseFile(ArgumentResult result)
    {
        string path = result.Tokens.Single().Value;
        if (Directory.Exists(path))
            result.AddError($"'{path}' is a folder. Name a file in it.");
        else if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
            result.AddError($"There is no folder for '{path}'. Create it first.");
        return path;
    }
}
