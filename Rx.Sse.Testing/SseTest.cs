using System.Net;
using System.Net.Sockets;
using Rx.Sse.Testing.Scripting;

namespace Rx.Sse.Testing;

/// <summary>Provides methods that create scripts, and expected requests and connections.</summary>
/// <remarks>Intended for <c>using static Rx.Sse.Testing.SseTest;</c>.</remarks>
public static class SseTest
{
    /// <summary>Returns a script that opens an event stream with status 200, to which steps can be added.</summary>
    /// <remarks>After the last step, the connection stays open and silent until the client closes it.</remarks>
    /// <param name="time">The time of the headers, from the request. Default: at once.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="time"/> is negative, or more than a thousand years.
    /// </exception>
    public static SseResponseScript OpenStream(TimeSpan time = default) =>
        Scripts.Answer(new ResponseHead(HttpStatusCode.OK, "text/event-stream", []), time);

    /// <summary>Returns a script that sends a complete response, such as an error.</summary>
    /// <param name="status">The status.</param>
    /// <param name="body">The body, which is sent in UTF-8.</param>
    /// <param name="contentType">The content type; null for none.</param>
    /// <param name="headers">
    /// Other headers, such as <c>[("Retry-After", "20")]</c>; null for none. Derive a date from the <c>Now</c> of the
    /// scheduler.
    /// </param>
    /// <param name="time">The time of the headers, from the request. Default: at once.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="time"/> is negative, or more than a thousand years.
    /// </exception>
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

    /// <summary>Returns a script for a server that cannot be reached.</summary>
    /// <param name="time">The time of the failure, from the request. Default: at once.</param>
    /// <param name="exception">
    /// The exception of the handler. Default: an <see cref="HttpRequestException"/> with a
    /// <see cref="SocketException"/> inside, as from .NET's own handler.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="time"/> is negative, or more than a thousand years.
    /// </exception>
    public static SseScript Refuse(TimeSpan time = default, Exception? exception = null) =>
        Scripts.Refuse(time, exception ?? NetworkErrors.ConnectionRefused());

    /// <summary>Returns a script that receives the request and never answers.</summary>
    public static SseScript NeverAnswer() => Scripts.NeverAnswer;

    /// <summary>Returns a script for each way in which the connection of a script can break.</summary>
    /// <remarks>
    /// The server cannot be reached, or the connection breaks before the response, after each byte, and in the middle
    /// of each pause. Run a test with each of them in a loop, and print the script with the failure. A script that
    /// sends N bytes has about three times N cuts. They are generated lazily. The script's own end is not included, and
    /// neither is a break after a complete response.
    /// </remarks>
    /// <param name="script">The script without a break.</param>
    /// <param name="kinds">The ways to break the connection. Default: <see cref="SseCuts.All"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="script"/> is null.</exception>
    public static IEnumerable<SseScript> EveryCut(SseScript script, SseCuts kinds = SseCuts.All) =>
        Cuts.Of(Throw.IfNull(script), kinds);

    /// <summary>Returns a GET to compare with those of <see cref="SseTestServer.Requests"/>.</summary>
    /// <param name="time">The time of the request, from the creation of the server.</param>
    /// <param name="address">The address, relative to <see cref="SseTestServer.BaseAddress"/>.</param>
    /// <param name="lastEventId">The value of <c>Last-Event-ID</c>; empty for none.</param>
    public static SseTestRequest ExpectedGet(TimeSpan time, string address = "/", string lastEventId = "") => new()
    {
        Time = time,
        Address = new Uri(SseTestServer.BaseAddress, address),
        LastEventId = lastEventId,
    };

    /// <summary>Returns a POST to compare with those of <see cref="SseTestServer.Requests"/>.</summary>
    /// <param name="time">The time of the request, from the creation of the server.</param>
    /// <param name="address">The address, relative to <see cref="SseTestServer.BaseAddress"/>.</param>
    /// <param name="body">The body, as text.</param>
    /// <param name="lastEventId">The value of <c>Last-Event-ID</c>; empty for none.</param>
    public static SseTestRequest ExpectedPost(
        TimeSpan time, string address = "/", string body = "", string lastEventId = "") =>
        ExpectedGet(time, address, lastEventId) with { Method = HttpMethod.Post, Body = body };

    /// <summary>Returns a connection to compare with those of <see cref="SseTestServer.Connections"/>.</summary>
    /// <param name="opened">
    /// The time of the response headers; <see langword="null"/> if the server did not answer.
    /// </param>
    /// <param name="closed">The time of the end; <see langword="null"/> if the connection is not closed.</param>
    /// <param name="by">The side that has closed it; <see langword="null"/> if it is not closed.</param>
    /// <exception cref="ArgumentException">
    /// Only one of <paramref name="closed"/> and <paramref name="by"/> is null.
    /// </exception>
    public static SseTestConnection ExpectedConnection(
        TimeSpan? opened, TimeSpan? closed = null, SseClosedBy? by = null) => closed is null == by is null
        ? new() { Opened = opened, Closed = closed, ClosedBy = by }
        : throw new ArgumentException("A connection that was closed was closed by somebody.", nameof(by));
}
