using System.Net;
using System.Text;

namespace Rx.Sse.Tests.Scripted;

/// <summary>How the server answers one request. Times are seconds: of the answer, from the request; of the body, from the answer.</summary>
internal sealed record Answer
{
    /// <summary>The server never answers.</summary>
    public static Answer Never { get; } = new() { AfterSeconds = null };

    /// <summary>The server can't be reached.</summary>
    public static Answer Refused { get; } = new() { Refusal = new HttpRequestException("Connection refused") };

    /// <summary>An event stream that sends nothing yet.</summary>
    public static Answer Stream { get; } = new() { ContentType = "text/event-stream" };

    public double? AfterSeconds { get; private init; } = 0;

    public Exception? Refusal { get; private init; }

    public HttpStatusCode Status { get; private init; } = HttpStatusCode.OK;

    public string? ContentType { get; private init; }

    public (string Name, string Value)[] Headers { get; private init; } = [];

    public (double Time, Action<ScriptedStream> Act)[] Body { get; private init; } = [];

    /// <summary>A complete response.</summary>
    public static Answer Response(int status, string body = "", string? contentType = "text/plain") =>
        new Answer { Status = (HttpStatusCode)status, ContentType = contentType }.Sends(0, body).Ends(0);

    /// <summary>Told of every read that has to wait: how many bytes it has room for.</summary>
    public Action<int>? Watch { get; private init; }

    public Answer Watched(Action<int> watch) => this with { Watch = watch };

    public Answer After(double seconds) => this with { AfterSeconds = seconds };

    public Answer FailsWith(Exception exception) => this with { Refusal = exception };

    public Answer OfType(string? contentType) => this with { ContentType = contentType };

    public Answer With(string header, string value) => this with { Headers = [.. Headers, (header, value)] };

    public Answer Sends(double time, string text) => Then(time, stream => stream.Send(Encoding.UTF8.GetBytes(text)));

    public Answer Sends(double time, byte[] bytes) => Then(time, stream => stream.Send(bytes));

    public Answer Ends(double time) => Then(time, stream => stream.End(null));

    public Answer Breaks(double time, Exception? exception = null) =>
        Then(time, stream => stream.End(exception ?? new IOException("Connection reset by peer")));

    /// <summary>Sends no body, and does not end it either.</summary>
    public Answer Stalls() => this with { Body = [] };

    private Answer Then(double time, Action<ScriptedStream> act) => this with { Body = [.. Body, (time, act)] };
}
