using System.Net;
using System.Net.Sockets;
using Rx.Sse.Testing;

namespace Rx.Sse.Tests.Golden;

/// <summary>
/// Plays an act with the scripted server of <c>Rx.Sse.Testing</c>. Only this file and <c>ReplayRun.cs</c> use that
/// package.
/// </summary>
/// <param name="act">The act.</param>
/// <param name="recording">Receives a recording of what the server does; null for no recording.</param>
internal sealed class VirtualRun(Act act, TextWriter? recording = null) : StoryRun(act)
{
    private SseTestServer _server = null!;

    /// <summary>How many of the server's requests are in the trace already, or were refused.</summary>
    private int _seen;

    protected override HttpClient CreateClient()
    {
        SseScript[] scripts = [.. Act.Answers.Select(ScriptOf)];
        using var handler = new SocketsHttpHandler();
        Act.Handler?.Invoke(handler);
        _server = new SseTestServer(Clock, scripts)
        {
            AllowAutoRedirect = handler.AllowAutoRedirect,
            RequestHeaderEncodingSelector = handler.RequestHeaderEncodingSelector is { } selector
                ? (name, request) => selector(name, request)
                : null,
        };
        if (scripts.Length > 0)
            _server.Otherwise(scripts[^1]);
        Log.CatchUp = LogRequests;
        return new HttpClient(recording is null ? _server : new SseRecorder(recording, Clock)
        {
            InnerHandler = _server,
            ShouldRecordValue = _ => true,
        });
    }

    /// <summary>In virtual time, everything has already happened when the clock has run.</summary>
    protected override void WaitForRest()
    {
    }

    protected override void LogConnections()
    {
        LogRequests();
        int number = 0;
        foreach (SseTestConnection connection in _server.Connections)
            Log.AddConnection(
                ++number,
                connection.Opened,
                connection.Closed,
                connection.ClosedBy == SseClosedBy.Client ? "client" : "server");
    }

    /// <summary>Traces the new requests that have reached the server, including those after a redirect.</summary>
    private void LogRequests()
    {
        IReadOnlyList<SseTestRequest> requests = _server.Requests;
        while (_seen < requests.Count)
        {
            Answer answer = Act.Answers[Math.Min(_seen, Act.Answers.Length - 1)];
            SseTestRequest request = requests[_seen++];
            if (answer.IsRefusal)
                continue;

            // The transport adds the Host header if the message does not have one.
            IEnumerable<KeyValuePair<string, string>> headers = request.Headers.ContainsKey("Host")
                ? request.Headers
                : request.Headers.Append(KeyValuePair.Create("Host", request.Address.Authority));
            string text = TraceText.OfRequest(
                request.Method.Method, request.Address.PathAndQuery, headers, request.Body);
            Log.Add(request.Time, "request", text);
        }
    }

    private static SseScript ScriptOf(Answer answer)
    {
        SseScript script = SseTest.NeverAnswer();
        foreach (Step step in answer.Steps)
        {
            TimeSpan time = TimeSpan.FromSeconds(step.Time);
            script = (step, script) switch
            {
                (Head head, _) => ScriptOf(time, head),
                (Body body, SseResponseScript open) => open.Send(time, body.Bytes),
                (End, SseResponseScript open) => open.Close(time),
                (Reset, SseResponseScript open) => open.Reset(time),
                (Cut, SseResponseScript open) => open.Reset(
                    time,
                    new HttpIOException(HttpRequestError.ResponseEnded, "The response ended prematurely.")),
                (ReadFault fault, SseResponseScript open) => open.Reset(time, fault.Exception()),
                (RawHead, _) => script,
                (Reset, _) => SseTest.Refuse(
                    time,
                    new HttpRequestException(
                        "Reset",
                        new IOException("Reset", new SocketException((int)SocketError.ConnectionReset)))),
                (Cut, _) => SseTest.Refuse(
                    time,
                    new HttpRequestException(
                        "Cut off",
                        new HttpIOException(HttpRequestError.ResponseEnded, "Cut off"))),
                (HandlerFault fault, _) => SseTest.Refuse(time, fault.Exception()),
                (Refusal, _) => SseTest.Refuse(time),
                _ => throw new NotSupportedException($"{step.What} before the head."),
            };
        }

        return script;
    }

    private static SseResponseScript ScriptOf(TimeSpan time, Head head)
    {
        SseResponseScript open = SseTest.OpenStream(time)
            .WithStatus((HttpStatusCode)head.Status)
            .WithContentType(head.ContentType);
        foreach ((string name, string value) in head.Headers)
            open = open.WithHeader(name, value);
        return open;
    }
}
