using System.Text;

namespace Rx.Sse.Tests.Golden;

/// <summary>
/// How the server answers one request. Times are in seconds after the request. A response that is not ended stays open
/// and silent until the client disconnects.
/// </summary>
internal sealed record Answer(params Step[] Steps)
{
    /// <summary>The server accepts the request and sends nothing, unless more steps follow.</summary>
    public static Answer Silent { get; } = new();

    /// <summary>The connection is refused.</summary>
    public static Answer Refuse { get; } = new(new Refusal());

    public bool IsRefusal => Steps is [Refusal];

    /// <summary>Status 200 with an event stream.</summary>
    public static Answer Open(
        double time = 0,
        string? contentType = "text/event-stream",
        params (string Name, string Value)[] headers) =>
        Silent.Head(200, contentType, time, headers: headers);

    /// <summary>A complete response, sent at once.</summary>
    public static Answer Status(
        int status,
        string body = "",
        string? contentType = "text/plain",
        params (string Name, string Value)[] headers)
    {
        Answer head = Silent.Head(status, contentType, headers: headers);
        return (body.Length > 0 ? head.Send(0, body) : head).End(0);
    }

    /// <summary>The handler throws instead of responding. Only in virtual time.</summary>
    public static Answer Throw(Func<Exception> exception) => new(new HandlerFault(exception));

    public Answer Head(
        int status,
        string? contentType,
        double time = 0,
        Framing framing = Framing.Chunked,
        params (string Name, string Value)[] headers) =>
        Then(new Head(time, status, contentType, framing, headers));

    public Answer Send(double time, string text) =>
        Then(new Body(time, Encoding.UTF8.GetBytes(text), TraceText.Shorten(text)));

    public Answer Send(double time, byte[] bytes, string shownAs) => Then(new Body(time, bytes, shownAs));

    /// <summary>The server ends the response properly, as HTTP specifies.</summary>
    public Answer End(double time) => Then(new End(time));

    /// <summary>The server closes the connection before the response is complete.</summary>
    public Answer Cut(double time) => Then(new Cut(time));

    /// <summary>The connection is reset.</summary>
    public Answer Reset(double time) => Then(new Reset(time));

    /// <summary>Reading the body throws. Only in virtual time.</summary>
    public Answer ReadThrows(double time, Func<Exception> exception) => Then(new ReadFault(time, exception));

    /// <summary>Sends a response with the status 103 before the real one.</summary>
    public Answer EarlyHints(double time) =>
        Then(new RawHead(time, "HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n"));

    /// <summary>Sends only the start of a response head.</summary>
    public Answer PartOfHead(double time) => Then(new RawHead(time, "HTTP/1.1 200 OK\r\nContent-Ty"));

    public override string ToString() =>
        Steps.Length == 0 ? "silent" : string.Join(", ", Steps.Select(step => $"{step.When}{step.What}"));

    private Answer Then(Step step) => new([.. Steps, step]);
}

internal enum Framing
{
    Chunked,

    /// <summary>No length: the response ends when the connection closes.</summary>
    UntilClose,
}

internal abstract record Step(double Time)
{
    /// <summary>A description for human readers.</summary>
    public abstract string What { get; }

    public string When => Time == 0 ? "" : FormattableString.Invariant($"{Time} s: ");
}

internal sealed record Head(
    double Time,
    int Status,
    string? ContentType,
    Framing Framing,
    (string Name, string Value)[] Headers) : Step(Time)
{
    public override string What => string.Join(
        " | ",
        [
            $"{Status} {ContentType ?? "(no content type)"}",
            .. Headers.Select(header => $"{header.Name}: {header.Value}"),
            .. Framing == Framing.UntilClose ? ["until close"] : Array.Empty<string>()]);
}

internal sealed record Body(double Time, byte[] Bytes, string Shown) : Step(Time)
{
    public override string What => Shown;
}

/// <summary>
/// Bytes of a response head that .NET's handler does not report, so there is nothing to do in virtual time.
/// </summary>
internal sealed record RawHead(double Time, string Text) : Step(Time)
{
    public override string What => $"raw {TraceText.Quote(Text)}";
}

internal sealed record End(double Time) : Step(Time)
{
    public override string What => "end";
}

internal sealed record Cut(double Time) : Step(Time)
{
    public override string What => "cut off";
}

internal sealed record Reset(double Time) : Step(Time)
{
    public override string What => "reset";
}

internal sealed record Refusal() : Step(0)
{
    public override string What => "refused";
}

internal sealed record HandlerFault(Func<Exception> Exception) : Step(0)
{
    public override string What => $"the handler throws {TraceText.TypesOf(Exception())}";
}

internal sealed record ReadFault(double Time, Func<Exception> Exception) : Step(Time)
{
    public override string What => $"the read throws {TraceText.TypesOf(Exception())}";
}
