using System.Reactive.Concurrency;
using System.Text;
using Rx.Sse.Testing.Recording;
using Rx.Sse.Testing.Scripting;

namespace Rx.Sse.Testing;

/// <summary>
/// A server of event streams in virtual time: a handler for <see cref="HttpClient"/> that answers each request as
/// scripted, on the scheduler, and records what happened. There is no socket, no clock and no second thread.
/// </summary>
/// <remarks>
/// <para>
/// Give the same scheduler to <c>Observable.FromSse</c>. It is a virtual-time scheduler of any kind, such as
/// <c>TestScheduler</c> or <see cref="HistoricalScheduler"/>. Everything happens on the thread that runs it; a step at
/// time zero happens within the request itself.
/// </para>
/// <para>
/// It refuses requests, follows redirects and reads bodies as .NET's <c>SocketsHttpHandler</c> does with its defaults.
/// </para>
/// <para>
/// A request that no script is left for is a fault of the test. It fails with <see cref="SseScriptException"/>, which
/// the stream does not retry; the same exception comes out of the scheduler, where no subscriber can swallow it, and
/// out of whatever is asked of the server afterwards.
/// </para>
/// </remarks>
public sealed class SseTestServer : HttpMessageHandler
{
    private readonly IScheduler _scheduler;
    private readonly ScriptBook _scripts = new();
    private readonly List<ScriptedConnection> _connections = [];

    /// <summary>When the server was made: recorded times count from there.</summary>
    private readonly DateTimeOffset _origin;

    private SseScriptException? _fault;

    /// <summary>Makes a server that serves these connections one after the other, wherever the requests go.</summary>
    /// <param name="scheduler">The virtual time.</param>
    /// <param name="connections">
    /// What each connection does. More can be said with <see cref="On"/> and <see cref="Otherwise(SseScript)"/>.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="scheduler"/> is one of those that Rx runs in real
    /// time.</exception>
    public SseTestServer(IScheduler scheduler, params SseScript[] connections)
    {
        _scheduler = scheduler switch
        {
            null => throw new ArgumentNullException(nameof(scheduler)),
            ImmediateScheduler or CurrentThreadScheduler or DefaultScheduler or ThreadPoolScheduler
                or TaskPoolScheduler or NewThreadScheduler or EventLoopScheduler =>
                throw new ArgumentException($"{scheduler.GetType().Name} has no virtual time.", nameof(scheduler)),
            _ => scheduler,
        };
        _origin = scheduler.Now;
        _scripts.Add("", connections);
    }

    /// <summary>
    /// Gets or sets a value that indicates whether redirects are followed, as by .NET's <c>SocketsHttpHandler</c>. Each
    /// request that a redirect leads to is one more of <see cref="Requests"/> and takes the next script.
    /// </summary>
    /// <value>The default is <see langword="true"/>. At most 50 redirects follow each other.</value>
    public bool AllowAutoRedirect { get; set; } = true;

    /// <summary>
    /// Gets or sets a function that returns the encoding of a request header, as that of .NET's
    /// <c>SocketsHttpHandler</c>: for example, <see cref="SseRequest.HeaderEncoding"/>.
    /// </summary>
    /// <value>
    /// The default is <see langword="null"/>. A header for which there is no encoding has only ASCII characters: with
    /// others, the request fails with <see cref="HttpRequestException"/>, and the server does not see it.
    /// </value>
    public Func<string, HttpRequestMessage, Encoding?>? RequestHeaderEncodingSelector { get; set; }

    /// <summary>The base address of clients that <see cref="CreateClient"/> makes: <c>http://localhost/</c>.</summary>
    public static Uri BaseAddress { get; } = new("http://localhost/");

    /// <summary>The requests so far, in the order in which they came.</summary>
    /// <exception cref="SseScriptException">There was one that could not be served.</exception>
    public IReadOnlyList<SseTestRequest> Requests => [.. Recorded().Select(connection => connection.Request)];

    /// <summary>The connections as they are now, one for each of <see cref="Requests"/> and in their order.</summary>
    /// <exception cref="SseScriptException">There was a request that could not be served.</exception>
    public IReadOnlyList<SseTestConnection> Connections => [.. Recorded().Select(connection => connection.Record)];

    /// <summary>
    /// How many connections are not closed: open, or waiting for the server's answer. Zero when nothing has leaked.
    /// </summary>
    /// <exception cref="SseScriptException">There was a request that could not be served.</exception>
    public int OpenConnectionCount => Recorded().Count(connection => connection.Record.Closed is null);

    /// <summary>
    /// Gets the scripts that have served no request, by path and in order. Empty when all that the test scripted has
    /// begun. What <see cref="Otherwise(SseScript)"/> serves is never among them.
    /// </summary>
    /// <exception cref="SseScriptException">There was a request that could not be served.</exception>
    public IReadOnlyList<SseUnservedScript> UnservedScripts => _fault is null ? [.. _scripts.Unserved] : throw _fault;

    /// <summary>
    /// Makes a server that replays a recording of <see cref="SseRecorder"/>: the nth request gets the nth recorded
    /// connection, with the same status, headers, bytes and errors, at the same times after the request. If requests
    /// to several paths were recorded, each path has separate connections.
    /// </summary>
    /// <remarks>
    /// What the client did is not replayed, because the client is under test: a connection that the client has closed
    /// stays open and silent. Redirects were followed before they were recorded, so they are not followed again.
    /// Headers whose values were left out are not sent, and those that say how a body is transferred are ignored.
    /// </remarks>
    /// <param name="path">The path of the recording.</param>
    /// <param name="scheduler">The virtual time.</param>
    /// <exception cref="SseRecordingException">The file is not a recording, is damaged, or has a newer format. A file
    /// that was cut off at its end is read up to there.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="ArgumentException"><paramref name="scheduler"/> is one of those that Rx runs in real
    /// time.</exception>
    public static SseTestServer Replay(string path, IScheduler scheduler)
    {
        using var recording = new StreamReader(path);
        return Replay(recording, scheduler);
    }

    /// <param name="recording">The text of the recording.</param>
    /// <param name="scheduler">The virtual time.</param>
    /// <inheritdoc cref="Replay(string, IScheduler)" path="/summary|/remarks|/exception"/>
    public static SseTestServer Replay(TextReader recording, IScheduler scheduler)
    {
        ILookup<string, SseScript> scripts = RecordingReader.Read(Throw.IfNull(recording))
            .ToLookup(connection => connection.Path, connection => connection.Script);
        var server = new SseTestServer(scheduler)
        {
            AllowAutoRedirect = false,
            RequestHeaderEncodingSelector = SseRequest.HeaderEncoding,
        };
        foreach (IGrouping<string, SseScript> path in scripts)
            server._scripts.Add(scripts.Count == 1 ? "" : path.Key, [.. path]);
        return server;
    }

    /// <summary>
    /// Serves these connections to the requests that go to that path, whatever their host and query, one after the
    /// other. Those requests then have no part in the scripts that were given without a path.
    /// </summary>
    /// <returns>The server itself.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> does not begin with a slash, or has a query or a
    /// fragment.</exception>
    public SseTestServer On(string path, params SseScript[] connections)
    {
        Throw.IfNull(path);
        if (path is not ['/', ..] || path.Contains('?') || path.Contains('#'))
            throw new ArgumentException(
                $"'{path}' is not a path: it begins with a slash, and has no query and no fragment.", nameof(path));
        _scripts.Add(new Uri(BaseAddress, path).AbsolutePath, connections);
        return this;
    }

    /// <summary>Serves that connection to every request that no other script is left for.</summary>
    /// <returns>The server itself.</returns>
    public SseTestServer Otherwise(SseScript connection)
    {
        Throw.IfNull(connection);
        return Otherwise(_ => connection);
    }

    /// <summary>
    /// Serves what <paramref name="rule"/> says to every request that no other script is left for. It takes the place
    /// of an earlier rule.
    /// </summary>
    /// <returns>The server itself.</returns>
    public SseTestServer Otherwise(Func<SseTestRequest, SseScript> rule)
    {
        Throw.IfNull(rule);
        _scripts.Rule = rule;
        return this;
    }

    /// <summary>
    /// Makes a client of this server, with <see cref="BaseAddress"/> and without <see cref="HttpClient.Timeout"/>,
    /// which would run on the wall clock. Disposing of it leaves the server as it is.
    /// </summary>
    public HttpClient CreateClient() =>
        new(this, disposeHandler: false) { BaseAddress = BaseAddress, Timeout = Timeout.InfiniteTimeSpan };

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Throw.IfNull(request);
        HandlerRules.CheckAddress(request);
        HttpResponseMessage response = await SendOnceAsync(request, cancellationToken).ConfigureAwait(false);
        for (int count = 0; AllowAutoRedirect && count < Redirection.MaxCount; count++)
        {
            if (Redirection.AddressOf(response) is not { } address)
                break;
            _ = DrainAsync(response);
            Redirection.Apply(request, response.StatusCode, address);
            response = await SendOnceAsync(request, cancellationToken).ConfigureAwait(false);
        }

        return response;
    }

    private Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return Task.FromCanceled<HttpResponseMessage>(cancellation);

        ScriptedConnection connection;
        try
        {
            connection = Accept(request);
        }
        catch (SseScriptException fault)
        {
            _fault ??= fault;
            _scheduler.Schedule(() => throw fault);
            throw;
        }

        _connections.Add(connection);
        return connection.PlayAsync(request, cancellation);
    }

    private ScriptedConnection Accept(HttpRequestMessage request)
    {
        if (TaskScheduler.Current != TaskScheduler.Default)
        {
            throw new SseScriptException(
                $"The test runs on a task scheduler, {TaskScheduler.Current.GetType().Name}, on which awaiting code "
                + "does not continue on the thread of the virtual time.");
        }

        // Without a connection, the handler does not get as far as encoding the request.
        Dictionary<string, string> headers = RequestRecorder.HeadersOf(request);
        if (!_scripts.IsRefused(request.RequestUri!))
            HandlerRules.EncodeHeaders(request, headers, RequestHeaderEncodingSelector);
        SseTestRequest recorded = RequestRecorder.Record(request, headers, Now());
        SseScript script = _scripts.Next(recorded);
        script.Head?.CheckRetryAfter(_scheduler.Now);
        return new ScriptedConnection(_scheduler, Now, recorded, script);
    }

    /// <summary>Lets the server end a response that redirects. If it does not, the client closes it.</summary>
    private async Task DrainAsync(HttpResponseMessage response)
    {
        using (response)
        using (_scheduler.Schedule(Redirection.DrainTimeout, response.Dispose))
        {
            try
            {
                await response.Content.CopyToAsync(Stream.Null).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // It is not needed any more.
            }
        }
    }

    private List<ScriptedConnection> Recorded() => _fault is null ? _connections : throw _fault;

    private TimeSpan Now() => _scheduler.Now - _origin;
}
