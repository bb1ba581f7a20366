using System.Net.Http.Headers;
using System.Reactive.Concurrency;
using Rx.Sse.Testing.Recording;

namespace Rx.Sse.Testing;

/// <summary>
/// A handler that records what happens on the wire: requests, responses, the bytes of each read, and how each
/// connection ends, with times. <see cref="SseTestServer.Replay(string, IScheduler)"/>
/// plays the recording in virtual time.
/// </summary>
/// <remarks>
/// <para>
/// Place it directly over the handler that goes to the network:
/// <c>new HttpClient(new SseRecorder("outage.txt") { InnerHandler = new SocketsHttpHandler() })</c>. What the inner
/// handler does by itself, such as redirects, is not seen. Bytes are recorded when the client reads them.
/// </para>
/// <para>
/// By default, values that may be secret are left out: those of most headers and of all query parameters, user info,
/// and the content of requests. Bodies of responses are recorded in full, so look at a recording before you send it to
/// somebody.
/// </para>
/// <para>
/// Can be used from several threads. If a recording cannot be written, for example because the disk is full, the
/// streams go on, and <see cref="Error"/> says why it ended. Each record is flushed at once.
/// </para>
/// </remarks>
public sealed class SseRecorder : DelegatingHandler
{
    private static readonly HashSet<string> HarmlessHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Accept", "Accept-Encoding", "Accept-Language", "Age", "Allow", "Cache-Control", "Connection",
        "Content-Encoding", "Content-Language", "Content-Length", "Content-Type", "Date", "Expires", "Keep-Alive",
        "Last-Event-ID", "Last-Modified", "Pragma", "Retry-After", "Server", "Transfer-Encoding", "User-Agent", "Vary",
        "Via", "X-Accel-Buffering",
    };

    private readonly RecordingWriter _recording;

    /// <summary>Initializes a new instance that writes a file. A file that exists is replaced.</summary>
    /// <param name="path">The path of the file.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <exception cref="IOException">The file cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be created.</exception>
    public SseRecorder(string path)
        : this(new StreamWriter(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read)))
    {
    }

    /// <summary>Initializes a new instance that writes to a text writer, which is disposed of with it.</summary>
    /// <param name="output">Receives the recording.</param>
    /// <param name="scheduler">The clock. The default is <see cref="DefaultScheduler"/>, which is real time.</param>
    /// <exception cref="ArgumentNullException"><paramref name="output"/> is null.</exception>
    public SseRecorder(TextWriter output, IScheduler? scheduler = null) =>
        _recording = new RecordingWriter(Throw.IfNull(output), scheduler ?? DefaultScheduler.Instance);

    /// <summary>
    /// Gets or sets a function that decides, by the name of a header or query parameter, whether its value is recorded.
    /// </summary>
    /// <value>
    /// The default is <see cref="IsHarmless"/>. Called on the thread of the request. If it throws, the value is left
    /// out.
    /// </value>
    public Func<string, bool> ShouldRecordValue { get; set; } = IsHarmless;

    /// <summary>Gets the exception that ended the recording early; null if there is none.</summary>
    public Exception? Error => _recording.Error;

    /// <summary>
    /// Returns whether the header with this name has no secret by its definition, such as <c>Content-Type</c> and
    /// <c>Last-Event-ID</c>.
    /// </summary>
    /// <param name="name">The name, in upper or lower case.</param>
    public static bool IsHarmless(string name) => HarmlessHeaders.Contains(Throw.IfNull(name));

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Throw.IfNull(request);
        Uri? address = request.RequestUri;
        int number = _recording.Request(request.Method, TextOf(address), HeadersOf(request.Headers, request.Content));
        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            if (cancellationToken.IsCancellationRequested)
                _recording.Leave(number);
            else
                _recording.Fail(number, exception);
            throw;
        }

        Uri? final = response.RequestMessage?.RequestUri ?? address;
        _recording.Response(
            number,
            response.StatusCode,
            final == address ? null : TextOf(final),
            HeadersOf(response.Headers, response.Content));
        response.Content = new RecordedContent(response.Content ?? new ByteArrayContent([]), _recording, number);
        return response;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // The connections first, so that their ends are recorded.
        base.Dispose(disposing);
        if (disposing)
            _recording.Dispose();
    }

    private string TextOf(Uri? address)
    {
        if (address is not { IsAbsoluteUri: true })
            return "about:blank";
        string text = address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        return address.Query.Length < 2
            ? text
            : $"{text}?{string.Join("&", address.Query[1..].Split('&').Select(WithoutSecret))}";
    }

    private string WithoutSecret(string parameter)
    {
        int separator = parameter.IndexOf('=');
        if (separator < 0)
            return ValueOf(parameter, parameter);
        string name = parameter[..separator];
        return $"{name}={ValueOf(Uri.UnescapeDataString(name), parameter[(separator + 1)..])}";
    }

    private List<string> HeadersOf(HttpHeaders headers, HttpContent? content)
    {
        IEnumerable<(string Name, string Value)> all = RawHeaders.Of(headers);
        if (content is not null)
            all = all.Concat(RawHeaders.Of(content.Headers));
        return [.. all.Select(header => $"{header.Name}: {ValueOf(header.Name, header.Value)}")];
    }

    private string ValueOf(string name, string value)
    {
        try
        {
            return ShouldRecordValue(name) ? value : RecordingFormat.LeftOut;
        }
        catch (Exception)
        {
            return RecordingFormat.LeftOut;
        }
    }
}
