using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Rx.Sse.Testing;

namespace Rx.Sse.Tests.Golden;

/// <summary>
/// Plays an act with the scripted server of <c>Rx.Sse.Testing</c>. This file alone knows that package.
/// </summary>
internal sealed class VirtualRun(Act act) : StoryRun(act)
{
    private SseTestServer _server = null!;

    protected override HttpClient CreateClient()
    {
        SseScript[] scripts = [.. Act.Answers.Select(ScriptOf)];
        _server = new SseTestServer(Clock, scripts);
        if (scripts.Length > 0)
            _server.Otherwise(scripts[^1]);
        return new HttpClient(new RequestTracer(Act, Log) { InnerHandler = _server });
    }

    /// <summary>In virtual time everything has happened when the clock has run.</summary>
    protected override void WaitForRest()
    {
    }

    protected override void LogConnections()
    {
        int number = 0;
        foreach (SseTestConnection connection in _server.Connections)
            Log.AddConnection(
                ++number,
                connection.Opened,
                connection.Closed,
                connection.ClosedBy == SseClosedBy.Client ? "client" : "server");
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

    /// <summary>Traces each request that reaches the server.</summary>
    private sealed class RequestTracer(Act act, TraceLog log) : DelegatingHandler
    {
        private int _count;

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken)
        {
            Answer answer = act.Answers[Math.Min(_count++, act.Answers.Length - 1)];
            if (!answer.IsRefusal)
                await TraceAsync(request, cancellationToken).ConfigureAwait(false);
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        private async Task TraceAsync(HttpRequestMessage request, CancellationToken cancellation)
        {
            IEnumerable<KeyValuePair<string, HeaderStringValues>> headers = request.Headers.NonValidated;
            string body = "";
            if (request.Content is { } content)
            {
                headers = headers.Concat(content.Headers.NonValidated);
                body = await content.ReadAsStringAsync(cancellation).ConfigureAwait(false);
            }

            log.Add(
                "request",
                TraceText.OfRequest(
                    request.Method.Method,
                    request.RequestUri!.PathAndQuery,
                    headers.Select(header => KeyValuePair.Create(header.Key, header.Value.ToString())),
                    body));
        }
    }
}
