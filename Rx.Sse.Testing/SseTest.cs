using System.Net;
using System.Net.Sockets;
using Rx.Sse.Testing.Scripting;

namespace Rx.Sse.Testing;

/// <summary>
/// The words of a test: what a connection does, and what is expected to have been recorded. Meant to be used as
/// <c>using static Rx.Sse.Testing.SseTest;</c>.
/// </summary>
public static class SseTest
{
    /// <summary>
    /// The server answers with status 200 and an event stream, and whatever the script goes on to say. The connection
    /// stays open and silent after the last step, until the client leaves.
    /// </summary>
    /// <param name="time">When, from the request; at once by default.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="time"/> is negative, or more than a thousand
    /// years.</exception>
    public static SseResponseScript OpenStream(TimeSpan time = default) =>
        Scripts.Answer(new ResponseHead(HttpStatusCode.OK, "text/event-stream", []), time);

    /// <summary>The server gives a whole response and ends it.</summary>
    /// <param name="status">The status.</param>
    /// <param name="body">The body, in UTF-8.</param>
    /// <param name="contentType">The content type, if there is to be one.</param>
    /// <param name="headers">
    /// Other headers, such as <c>[("Retry-After", "20")]</c>. Make a date from the <c>Now</c> of the scheduler.
    /// </param>
    /// <param name="time">When, from the request; at once by default.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="time"/> is negative, or more than a thousand
    /// years.</exception>
    public static SseScript Respond(
        HttpStatusCode status,
        string body = "",
        string? contentType = null,
        IEnumerable<(string Name, string Value)>? headers = null,
        TimeSpan time = default)
    {
        SseResponseScript response = OpenStream(time).WithStatus(status).WithContentType(contentType);
        foreach ((string name, string value) in headers ?? [])
            response = response.WithHeader(name, value);
        return response.Send(time, body).Close(time);
    }

    /// <summary>The server can't be reached.</summary>
    /// <param name="time">When that turns out, from the request; at once by default.</param>
    /// <param name="exception">
    /// What the handler throws; by default an <see cref="HttpRequestException"/> around a
    /// <see cref="SocketException"/>, as .NET's own handler does.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="time"/> is negative, or more than a thousand
    /// years.</exception>
    public static SseScript Refuse(TimeSpan time = default, Exception? exception = null) =>
        Scripts.Refuse(time, exception ?? NetworkErrors.ConnectionRefused());

    /// <summary>The server takes the request and never answers.</summary>
    public static SseScript NeverAnswer() => Scripts.NeverAnswer;

    /// <summary>
    /// Enumerates the ways in which the connection of a script can break, each as a script: the server cannot be
    /// reached, the connection breaks before the response, after each byte, and in the middle of each pause. Run a test
    /// with each of them in a loop, and print the script with the failure.
    /// </summary>
    /// <remarks>
    /// A script that sends N bytes has about three times N cuts. They are generated lazily. The script's own end is not
    /// included, and neither is a break after a complete response.
    /// </remarks>
    /// <param name="script">What the server would do on that connection.</param>
    /// <param name="kinds">How it breaks. The default is <see cref="SseCuts.All"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="script"/> is null.</exception>
    public static IEnumerable<SseScript> EveryCut(SseScript script, SseCuts kinds = SseCuts.All) =>
        Cuts.Of(Throw.IfNull(script), kinds);

    /// <summary>A GET, as <see cref="SseTestServer.Requests"/> has it.</summary>
    /// <param name="time">When it came, from when the server was made.</param>
    /// <param name="address">Where it went; relative to <see cref="SseTestServer.BaseAddress"/>.</param>
    /// <param name="lastEventId">Its <c>Last-Event-ID</c>; empty for none.</param>
    public static SseTestRequest ExpectedGet(TimeSpan time, string address = "/", string lastEventId = "") => new()
    {
        Time = time,
        Address = new Uri(SseTestServer.BaseAddress, address),
        LastEventId = lastEventId,
    };

    /// <summary>A POST, as <see cref="SseTestServer.Requests"/> has it.</summary>
    /// <param name="time">When it came, from when the server was made.</param>
    /// <param name="address">Where it went; relative to <see cref="SseTestServer.BaseAddress"/>.</param>
    /// <param name="body">Its body, as text.</param>
    /// <param name="lastEventId">Its <c>Last-Event-ID</c>; empty for none.</param>
    public static SseTestRequest ExpectedPost(
        TimeSpan time, string address = "/", string body = "", string lastEventId = "") =>
        ExpectedGet(time, address, lastEventId) with { Method = HttpMethod.Post, Body = body };

    /// <summary>A connection, as <see cref="SseTestServer.Connections"/> has it.</summary>
    /// <param name="opened">
    /// When the server answered, from when it was made; <see langword="null"/> if it did not.
    /// </param>
    /// <param name="closed">
    /// When it was over; <see langword="null"/> if it is open, or waits for its answer, still.
    /// </param>
    /// <param name="by">Who ended it; <see langword="null"/> if it is open.</param>
    /// <exception cref="ArgumentException">Only one of <paramref name="closed"/> and <paramref name="by"/> is
    /// given.</exception>
    public static SseTestConnection ExpectedConnection(
        TimeSpan? opened, TimeSpan? closed = null, SseClosedBy? by = null) => closed is null == by is null
        ? new() { Opened = opened, Closed = closed, ClosedBy = by }
        : throw new ArgumentException("A connection that was closed was closed by somebody.", nameof(by));
}
