using System.CommandLine;
using System.CommandLine.Parsing;

namespace Rx.Sse.Samples.Tail;

/// <summary>The command line: its options, their checks, and their values.</summary>
internal sealed class TailArguments
{
    private readonly Argument<Uri?> _url = new("URL") { CustomParser = ArgumentValue.Url };
    private readonly Option<bool> _json =
        new("--json", "-j") { Description = "One JSON object per event and line: time, event, lastEventId, data." };
    private readonly Option<bool> _raw = new("--raw", "-r") { Description = "Only the data, unchanged." };
    private readonly Option<string[]> _events = new("--event", "-e")
    {
        HelpName = "NAME",
        Description = "Only events of this type; may be repeated. Events without a type have the type 'message'.",
    };
    private readonly Option<string[]> _headers = new("--header", "-H")
    {
        HelpName = "NAME: VALUE",
        Description = "A header to send; may be repeated.",
    };
    private readonly Option<string?> _method =
        Text("--method", "-X", "METHOD", "The method of the request. Default: GET, or POST with --data.", MethodError);
    private readonly Option<string?> _data = Text(
        "--data",
        "-d",
        "TEXT",
        "The content of the request, or @FILE to read it from a file. It is sent as JSON, unless --header sets another "
            + "Content-Type.",
        data => data is ['@', .. var file] && !File.Exists(file) ? $"'{file}' cannot be read: no such file." : null);
    private readonly Option<bool> _insecure =
        new("--insecure", "-k") { Description = "Accept any certificate of the server." };
    private readonly Option<string?> _lastEventId = Text(
        "--last-event-id",
        "-i",
        "ID",
        "Start after the event with this ID.",
        id => id.AsSpan().ContainsAny('\0', '\r', '\n') ? "An event ID is a single line." : null);
    private readonly Option<string?> _sinceFile = Text(
        "--since-file",
        "-s",
        "FILE",
        "Keep the ID of the last event written in this file, and start after it in the next run.",
        FileError);
    private readonly Option<int?> _count = new("--count", "-n")
    {
        HelpName = "N",
        Description = "Stop after N events. Fewer are a failure.",
        CustomParser = result => ArgumentValue.Integer(result, atLeast: 1),
    };
    private readonly Option<TimeSpan?> _timeout = Seconds("--timeout", "Stop after this time.", "-t");
    private readonly Option<TimeSpan?> _idleTimeout = Seconds(
        "--idle-timeout", "Reconnect when nothing has come for this time, neither headers nor a comment.");
    private readonly Option<int?> _retries = new("--retries")
    {
        HelpName = "N",
        Description =
            "Stop after N failed retries in a row. With 0, stop at the end of the stream too. Default: no limit, but "
                + "the first connection must succeed.",
        CustomParser = result => ArgumentValue.Integer(result, atLeast: 0),
    };
    private readonly Option<string?> _record = Text(
        "--record",
        null,
        "FILE",
        "Record all connections in this file, to report a bug or to replay them in a test. Headers and query "
            + "parameters that may be secret are left out; responses are recorded in full.",
        FileError);

    public TailArguments(bool isUrlRequired)
    {
        _url.Arity = isUrlRequired ? ArgumentArity.ExactlyOne : ArgumentArity.ZeroOrOne;
        _url.Description = isUrlRequired
            ? "The stream to follow."
            : "The stream to follow. Without it, the sample starts a server and follows that.";
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
        command.Validators.Add(Validate);
    }

    public Uri? Url(ParseResult command) => command.GetValue(_url);

    public TailOptions Options(ParseResult command)
    {
        SinceFile? sinceFile = command.GetValue(_sinceFile) is { } path ? new SinceFile(path) : null;
        string? data = command.GetValue(_data);
        return new TailOptions
        {
            Format = command.GetValue(_json) ? EventFormats.Json
                : command.GetValue(_raw) ? EventFormats.Raw(isForTerminal: !Console.IsOutputRedirected)
                : EventFormats.Pretty,
            Events = command.GetValue(_events) ?? [],
            Method = new HttpMethod(command.GetValue(_method) ?? (data is null ? "GET" : "POST")),
            Data = data is ['@', .. var file] ? File.ReadAllText(file) : data,
            IsInsecure = command.GetValue(_insecure),
            Headers = [.. (command.GetValue(_headers) ?? []).Select(text => RequestHeader.Parse(text)!)],
            LastEventId = sinceFile?.Read() ?? command.GetValue(_lastEventId) ?? "",
            SinceFile = sinceFile,
            Count = command.GetValue(_count),
            Timeout = command.GetValue(_timeout),
            IdleTimeout = command.GetValue(_idleTimeout),
            Retries = command.GetValue(_retries),
            Recording = command.GetValue(_record),
        };
    }

    private static Option<string?> Text(
        string name, string? alias, string helpName, string description, Func<string, string?> findError)
    {
        var option = new Option<string?>(name, alias is null ? [] : [alias])
        {
            HelpName = helpName,
            Description = description,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var text] && findError(text.Value) is { } error)
                result.AddError(error);
        });
        return option;
    }

    private static Option<TimeSpan?> Seconds(string name, string description, params string[] aliases) =>
        new(name, aliases) { HelpName = "SECONDS", Description = description, CustomParser = ArgumentValue.Seconds };

    /// <summary>Checks what depends on several options.</summary>
    private void Validate(CommandResult result)
    {
        if (result.GetResult(_json) is not null && result.GetResult(_raw) is not null)
            result.AddError("Choose one of --json and --raw.");
        if (result.GetResult(_record)?.Tokens is [var recording]
            && result.GetResult(_sinceFile)?.Tokens is [var sinceFile]
            && Path.GetFullPath(recording.Value) == Path.GetFullPath(sinceFile.Value))
            result.AddError("--record and --since-file need two files.");
        foreach (Token header in result.GetResult(_headers)?.Tokens ?? [])
        {
            if (RequestHeader.FindError(header.Value, hasContent: result.GetResult(_data) is not null) is { } error)
                result.AddError(error);
        }
    }

    private static string? MethodError(string method)
    {
        try
        {
            _ = new HttpMethod(method);
            return null;
        }
        catch (FormatException)
        {
            return $"'{method}' is not a method, such as GET or POST.";
        }
    }

    private static string? FileError(string path) =>
        Directory.Exists(path) ? $"'{path}' is a folder. Name a file in it."
        : Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))) ? null
        : $"There is no folder for '{path}'. Create it first.";
}
