using System.Reactive.Concurrency;
using System.Text;
using Rx.Sse.Testing.Recording;
using Rx.Sse.Testing.Scripting;

namespace Rx.Sse.Testing;

/// <summary>
/// Represents a scripted server of event streams in virtual time, and records requests and connections.
/// </summary>
/// <remarks>
/// <para>
/// It is a handler for <see cref="HttpClient"/>, and uses no socket, no clock and no second thread. Pass the same
/// scheduler to <c>Observable.FromSse</c>: any virtual-time scheduler, such as <c>TestScheduler</c> or
/// <see cref="HistoricalScheduler"/>. Everything runs on the thread of the scheduler; a step at time zero runs within
/// the request itself.
/// </para>
/// <para>
/// It refuses requests, follows redirects and reads bodies as .NET's <c>SocketsHttpHandler</c> does with its defaults.
/// </para>
/// <para>
/// A request without a script is an error of the test. It fails with <see cref="SseScriptException"/>, which the stream
/// does not retry. The scheduler throws the same exception, so that no subscriber can hide it, and so do
/// <see cref="Requests"/> and the other recorded properties.
/// </para>
/// </remarks>
public sealed class SseTestServer : HttpMessageHandler
{
    private readonly IScheduler _scheduler;
    private readonly ScriptBook _scripts = new();
    private readonly List<ScriptedConnection> _connections = [];

    /// <summary>The time when the server was created, from which recorded times count.</summary>
    private readonly DateTimeOffset _origin;

    private SseScriptException? _fault;

    /// <summary>Initializes a new instance with scripts for requests to any address.</summary>
    /// <param name="scheduler">The virtual-time scheduler.</param>
    /// <param name="connections">
    /// The scripts, one per request and in order. Add others with <see cref="On"/> and
    /// <see cref="Otherwise(SseScript)"/>.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="scheduler"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="scheduler"/> runs in real time.</exception>
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

    /// <summary>Gets or sets a value that indicates whether the handler follows redirects.</summary>
    /// <value>The default is <see langword="true"/>, as for .NET's <c>SocketsHttpHandler</c>.</value>
    /// <remarks>
    /// Each redirect leads to a further request, which is added to <see cref="Requests"/> and takes the next script. At
    /// most 50 redirects are followed in a row.
    /// </remarks>
    public bool AllowAutoRedirect { get; set; } = true;

    /// <summary>Gets or sets the function that returns the encoding of a request header.</summary>
    /// <value>The default is <see langword="null"/>, as for .NET's <c>SocketsHttpHandler</c>.</value>
    /// <remarks>
    /// For example, <see cref="SseRequest.HeaderEncoding"/>. A header without an encoding may only have ASCII
    /// characters: otherwise, the request fails with <see cref="HttpRequestException"/>, and is not recorded.
    /// </remarks>
    public Func<string, HttpRequestMessage, Encoding?>? RequestHeaderEncodingSelector { get; set; }

    /// <summary>Gets the base address of the clients of <see cref="CreateClient"/>: <c>http://localhost/</c>.</summary>
    public static Uri BaseAddress { get; } = new("http://localhost/");

    /// <summary>Gets the requests so far, in order.</summary>
    /// <exception cref="SseScriptException">There was a request that could not be served.</exception>
    public IReadOnlyList<SseTestRequest> Requests => [.. Recorded().Select(connection => connection.Request)];

    /// <summary>Gets the current state of all connections so far, one for each of <see cref="Requests"/>.</summary>
    /// <exception cref="SseScriptException">There was a request that could not be served.</exception>
    public IReadOnlyList<SseTestConnection> Connections => [.. Recorded().Select(connection => connection.Record)];

    /// <summary>Gets the number of connections that are not closed; zero if none has leaked.</summary>
    /// <remarks>Connections that wait for the response count, too.</remarks>
    /// <exception cref="SseScriptException">There was a request that could not be served.</exception>
    public int OpenConnectionCount => Recorded().Count(connection => connection.Record.Closed is null);

    /// <summary>Gets the scripts that have not served a request, by path and in order.</summary>
    /// <remarks>Those of <see cref="Otherwise(SseScript)"/> are not included.</remarks>
    /// <exception cref="SseScriptException">There was a request that could not be served.</exception>
    public IReadOnlyList<SseUnservedScript> UnservedScripts => _fault is null ? [.. _scripts.Unserved] : throw _fault;

    /// <summary>Returns a server that replays a recording of <see cref="SseRecorder"/>.</summary>
    /// <remarks>
    /// <para>The nth request gets the nth recorded connection, with the same status, headers, bytes and errors, at the
    /// same times after the request. If requests to several paths were recorded, each path has separate
    /// connections.</para>
    /// <para>Actions of the client are not replayed, because the client is under test: a connection that the client has
    /// closed stays open and silent. Redirects are not followed, because they were followed during the recording.
    /// Headers whose values were left out are not sent, and those about the transfer of the body are ignored.</para>
    /// </remarks>
    /// <param name="path">The path of the recording.</param>
    /// <param name="scheduler">The virtual-time scheduler.</param>
    /// <exception cref="SseRecordingException">
    /// The file is not a recording, is damaged, or has a format of a later version. If only its end is missing, the
    /// file is read up to there.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="ArgumentException"><paramref name="scheduler"/> runs in real time.</exception>
    public static SseTestServer Replay(string path, IScheduler scheduler)
    {
        using var recording = new StreamReader(path);
        return Replay(recording, scheduler);
    }

    /// <param name="recording">The text of the recording.</param>
    /// <param name="scheduler">The virtual-time scheduler.</param>
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

    /// <summary>Adds scripts for requests to a path, one per request and in order.</summary>
    /// <remarks>
    /// Host and query of a request do not matter. Requests to the path do not take scripts without a path.
    /// </remarks>
    /// <param name="path">The path, such as <c>/prices</c>.</param>
    /// <param name="connections">The scripts.</param>
    /// <returns>The same server.</returns>
    /// <exception cref="ArgumentException">
    /// <paramref name="path"/> does not begin with a slash, or has a query or a fragment.
    /// </exception>
    public SseTestServer On(string path, params SseScript[] connections)
    {
        Throw.IfNull(path);
        if (path is not ['/', ..] || path.Contains('?') || path.Contains('#'))
            throw new ArgumentException(
                $"'{path}' is not a path: it begins with a slash, and has no query and no fragment.", nameof(path));
        _scripts.Add(new Uri(BaseAddress, path).AbsolutePath, connections);
        return this;
    }

    /// <summary>Sets the script for all requests for which no other script is left.</summary>
    /// <param name="connection">The script.</param>
    /// <returns>The same server.</returns>
    public SseTestServer Otherwise(SseScript connection)
    {
        Throw.IfNull(connection);
        return Otherwise(_ => connection);
    }

    /// <summary>Sets the function that returns the script for requests for which no other script is left.</summary>
    /// <param name="rule">The function. It replaces an earlier one.</param>
    /// <returns>The same server.</returns>
    public SseTestServer Otherwise(Func<SseTestRequest, SseScript> rule)
    {
        Throw.IfNull(rule);
        _scripts.Rule = rule;
        return this;
    }

    /// <summary>Returns a new client of this server, with <see cref="BaseAddress"/>.</summary>
    /// <remarks>
    /// Its <see cref="HttpClient.Timeout"/> is infinite, because it would run in real time. To dispose the client does
    /// not dispose the server.
    /// </remarks>
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
                // The response is not needed any more.
            }
        }
    }

    private List<ScriptedConnection> Recorded() => _fault is null ? _connections : throw _fault;

    private TimeSpan Now() => _scheduler.Now - _origin;
}
