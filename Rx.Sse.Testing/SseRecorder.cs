using System.Net.Http.Headers;
using System.Reactive.Concurrency;
using Rx.Sse.Testing.Recording;

namespace Rx.Sse.Testing;

/// <summary>
/// Represents a handler that records requests, responses and the bytes of each read, with their times.
/// </summary>
/// <remarks>
/// <para>
/// <see cref="SseTestServer.Replay(string, IScheduler)"/> plays the recording in virtual time.
/// </para>
/// <para>
/// Place it directly above the handler that sends the requests:
/// <c>new HttpClient(new SseRecorder("outage.txt") { InnerHandler = new SocketsHttpHandler() })</c>. Redirects, which
/// the inner handler follows, are not recorded. Bytes are recorded when the client reads them.
/// </para>
/// <para>
/// By default, values that may be secret are left out: those of most headers and of all query parameters, user info,
/// and the content of requests. Bodies of responses and messages of exceptions are recorded: review a recording before
/// you share it.
/// </para>
/// <para>
/// It can be used on several threads. If a record cannot be written, for example because the disk is full, the streams
/// continue, and <see cref="Error"/> has the exception. Each record is flushed at once. Each recorder needs a separate
/// file.
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

    /// <summary>Initializes a new instance that writes to a file.</summary>
    /// <param name="path">The path of the file. An existing file is replaced.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <exception cref="IOException">The file cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">You do not have permission to create the file.</exception>
    public SseRecorder(string path)
        : this(new StreamWriter(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read)))
    {
    }

    /// <summary>Initializes a new instance that writes to a text writer.</summary>
    /// <param name="output">The writer for the recording. The recorder disposes it.</param>
    /// <param name="scheduler">The clock. Default: <see cref="DefaultScheduler"/>, which is real time.</param>
    /// <exception cref="ArgumentNullException"><paramref name="output"/> is null.</exception>
    public SseRecorder(TextWriter output, IScheduler? scheduler = null) =>
        _recording = new RecordingWriter(Throw.IfNull(output), scheduler ?? DefaultScheduler.Instance);

    /// <summary>Gets or sets the function that decides whether the value of a header is recorded.</summary>
    /// <value>The default is <see cref="IsHarmless"/>, which records no query parameter.</value>
    /// <remarks>
    /// The argument is the name of a header, or a question mark and the name of a query parameter, such as
    /// <c>?symbol</c>. It is called on any thread. If it throws, the value is left out. <c>Content-Type</c> is always
    /// recorded.
    /// </remarks>
    public Func<string, bool> ShouldRecordValue { get; set; } = IsHarmless;

    /// <summary>
    /// Gets the exception that has ended the recording; <see langword="null"/> if there is none.
    /// </summary>
    public Exception? Error => _recording.Error;

    /// <summary>Determines whether a header never contains secrets, such as <c>Content-Type</c>.</summary>
    /// <param name="name">The name, in upper or lower case.</param>
    public static bool IsHarmless(string name) => HarmlessHeaders.Contains(Throw.IfNull(name));

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        int number = Begin(Throw.IfNull(request), out Uri? address);
        try
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return Received(number, address, response);
        }
        catch (Exception exception)
        {
            Failed(number, exception, cancellationToken);
            throw;
        }
    }

#if NET
    /// <inheritdoc/>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        int number = Begin(Throw.IfNull(request), out Uri? address);
        try
        {
            return Received(number, address, base.Send(request, cancellationToken));
        }
        catch (Exception exception)
        {
            Failed(number, exception, cancellationToken);
            throw;
        }
    }
#endif

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // The connections first, so that their ends are recorded.
        base.Dispose(disposing);
        if (disposing)
            _recording.Dispose();
    }

    private int Begin(HttpRequestMessage request, out Uri? address)
    {
        address = request.RequestUri;
        return _recording.Request(request.Method, TextOf(address), HeadersOf(request.Headers, request.Content));
    }

    private HttpResponseMessage Received(int number, Uri? address, HttpResponseMessage response)
    {
        Uri? final = response.RequestMessage?.RequestUri ?? address;
        _recording.Response(
            number,
            response.StatusCode,
            final == address ? null : TextOf(final),
            HeadersOf(response.Headers, response.Content));
        HttpContent content = response.Content ?? new ByteArrayContent([]);
        response.Content = new RecordedContent(content, new ConnectionRecorder(_recording, number));
        return response;
    }

    private void Failed(int number, Exception exception, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            _recording.Leave(number);
        else
            _recording.Fail(number, exception);
    }

    private string TextOf(Uri? address)
    {
        // The request fails by itself.
        if (address is not { IsAbsoluteUri: true })
            return "about:blank";
        string text = $"{address.Scheme}://{address.Authority}{address.AbsolutePath}";
        return address.Query.Length < 2
            ? text
            : $"{text}?{string.Join("&", address.Query[1..].Split('&').Select(WithoutSecret))}";
    }

    private string WithoutSecret(string parameter)
    {
        // Without a value, the name may be the secret.
        int separator = parameter.IndexOf('=');
        string name = separator < 0 ? parameter : parameter[..separator];
        string value = ValueOf($"?{Uri.UnescapeDataString(name)}", parameter);
        bool hasValue = separator >= 0 && separator < parameter.Length - 1;
        return value == RecordingFormat.LeftOut && hasValue ? $"{name}={value}" : value;
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
            bool isContentType = string.Equals(name, "Content-Type", StringComparison.OrdinalIgnoreCase);
            return isContentType || ShouldRecordValue(name) ? value : RecordingFormat.LeftOut;
        }
        catch (Exception)
        {
            return RecordingFormat.LeftOut;
        }
    }
}
