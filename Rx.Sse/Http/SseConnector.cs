using System.Net.Http.Headers;
using Rx.Sse.Headers;

namespace Rx.Sse.Http;

/// <summary>
/// Opens the connections of one stream: makes the request, sends it, and checks that an event stream came back.
/// </summary>
/// <param name="client">The caller's client.</param>
/// <param name="request">Makes the messages.</param>
/// <param name="options">The settings of the stream.</param>
/// <param name="time">The clock of what may take too long.</param>
/// <param name="listener">Told of every message before it is sent.</param>
internal sealed class SseConnector(
    HttpClient client, SseRequest request, SseOptions options, TimeProvider time, IRequestListener listener)
{
#if NET
    private static readonly HttpRequestOptionsKey<bool> StreamInBrowser = new("WebAssemblyEnableStreamingResponse");
    private static readonly HttpRequestOptionsKey<IDictionary<string, object>> FetchOptions =
        new("WebAssemblyFetchOptions");
#endif

    /// <summary>What became of the last message whose method is not safe.</summary>
    private Delivery _delivery;

    /// <summary>The client's handler does not send IDs beyond ASCII; no further attempt needs to try.</summary>
    private bool _refusesNonAsciiIds;

    /// <summary>The message of the open connection. A handler may have sent another one in its place.</summary>
    private HttpRequestMessage? _message;

    private enum Delivery
    {
        /// <summary>There was none, or it was never handed to the client.</summary>
        None,

        /// <summary>The server has not received it, or has refused it.</summary>
        Refused,

        /// <summary>The server may have acted on it.</summary>
        Sent,
    }

    /// <summary>
    /// The last message's method is safe (RFC 9110, section 9.2.1): sending it again asks for nothing new. True before
    /// there is a message.
    /// </summary>
    public bool HasSafeMethod { get; private set; } = true;

    /// <summary>Whether another attempt may send its message, as far as that is known before there is one.</summary>
    public bool MayConnectAgain => request.TakesAttempt || MaySend(HasSafeMethod);

    /// <summary>One attempt. A failure is returned too, and leaves nothing open.</summary>
    /// <param name="attempt">What the factory is told.</param>
    /// <param name="isOwnId">
    /// Whether the stream has set the last event ID; if not, a header of the caller's wins.
    /// </param>
    /// <param name="cancellation">Cancels the attempt.</param>
    public async ValueTask<ConnectResult> ConnectAsync(
        SseAttempt attempt, bool isOwnId, CancellationToken cancellation)
    {
        string lastEventId = attempt.LastEventId;
        bool isAscii = LastEventIdHeader.IsAscii(lastEventId);
        if (!isAscii && _refusesNonAsciiIds)
            lastEventId = "";
        ConnectResult result =
            await ConnectOnceAsync(attempt, lastEventId, isOwnId, cancellation).ConfigureAwait(false);
        if (isAscii || _refusesNonAsciiIds || !IsNotEncoded(result.Error))
            return result;

        // The message has not been sent. All that is left is to go on without the ID: see SseRequest.HeaderEncoding. If
        // the handler still refuses, the reason is another header.
        result = await ConnectOnceAsync(attempt, "", isOwnId, cancellation).ConfigureAwait(false);
        _refusesNonAsciiIds = !IsNotEncoded(result.Error);
        return result;
    }

    /// <summary>Closes a connection at once, and disposes of its messages.</summary>
    public void Close(HttpResponseMessage response)
    {
        CloseResponse(response);
        Discard(_message);
        _message = null;
    }

    /// <summary>Closes the connection of a response at once.</summary>
    public static void CloseResponse(HttpResponseMessage response)
    {
        HandlerBody.Abort(response.Content);
        Discard(response.RequestMessage);
        Discard(response);
    }

    /// <summary>An exception of a content that is disposed of does not concern the stream.</summary>
    private static void Discard(IDisposable? used)
    {
        try
        {
            used?.Dispose();
        }
        catch (Exception)
        {
            // It is not needed any more.
        }
    }

    private static bool IsNotEncoded(Exception? error) =>
        error is SseRequestException && LastEventIdHeader.IsNotEncoded(error.InnerException);

    private async ValueTask<ConnectResult> ConnectOnceAsync(
        SseAttempt attempt, string lastEventId, bool isOwnId, CancellationToken cancellation)
    {
        HttpRequestMessage? message = null;
        HttpContent? content = null;
        HttpResponseMessage? response = null;
        Delivery before = _delivery;
        try
        {
            message = await CreateMessageAsync(attempt, cancellation).ConfigureAwait(false);
            content = message.Content;
            AddHeaders(message);
            lastEventId = AddLastEventId(message.Headers, lastEventId, isOwnId);
            HasSafeMethod = IsSafe(message.Method);
            if (!MaySend(HasSafeMethod))
            {
                Discard(message);
                return ConnectResult.MayNotBeSent;
            }

            listener.OnSending(AddressOf(message), lastEventId);
            cancellation.ThrowIfCancellationRequested();
            if (!HasSafeMethod)
                _delivery = Delivery.Sent;
            response = await SendAsync(message, cancellation).ConfigureAwait(false);
            response.RequestMessage ??= message;
            SseException? error =
                await ResponseCheck.ErrorOfAsync(response, options, time, cancellation).ConfigureAwait(false);
            if (error is not null)
                throw error;
            _message = message;
            return new ConnectResult(response);
        }
        catch (Exception exception)
        {
            if (!HasSafeMethod && before != Delivery.Sent)
                _delivery = StateAfter(exception, message!, before);
            if (response is not null)
                CloseResponse(response);
            Discard(message);
            return new ConnectResult(exception);
        }
        finally
        {
            // A handler that follows a redirect takes the content off the message.
            if (message?.Content != content)
                Discard(content);
        }
    }

    private async ValueTask<HttpRequestMessage> CreateMessageAsync(SseAttempt attempt, CancellationToken cancellation)
    {
        HttpRequestMessage? message;
        try
        {
            message = await request.CreateMessage(client, attempt, cancellation).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            throw new SseRequestException("The request factory failed.", exception);
        }

        return message ?? throw new SseRequestException("The request factory returned null.");
    }

    private async ValueTask<HttpResponseMessage> SendAsync(HttpRequestMessage message, CancellationToken cancellation)
    {
        try
        {
            return await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            // HttpClient reports its own timeout as a cancellation, and so does its handler that of connecting.
            throw new TimeoutException(
                Refusal.IsConnectTimeout(exception) ? exception.InnerException!.Message : DescribeTimeout(), exception);
        }
        catch (Exception exception)
            when (exception is InvalidOperationException or NotSupportedException or ArgumentException
                or UriFormatException || LastEventIdHeader.IsNotEncoded(exception))
        {
            throw new SseRequestException("The client did not send the request.", exception);
        }
    }

    /// <summary>The one gate for requests that are not safe, right before the send.</summary>
    private bool MaySend(bool isSafe) =>
        isSafe
        || _delivery == Delivery.None
        || options.Resend == SseResend.Always
        || (options.Resend == SseResend.WhenRefused && _delivery == Delivery.Refused);

    /// <summary>What is known of a message whose attempt has failed so. In doubt it has been sent.</summary>
    private Delivery StateAfter(Exception failure, HttpRequestMessage message, Delivery before) => failure switch
    {
        _ when _delivery == before => before,

        // The server has acted on it and redirected to what a GET gets. That changes the message.
        _ when IsSafe(message.Method) => Delivery.Sent,
        _ when IsNotEncoded(failure) => before,
        _ => Refusal.Is(failure) ? Delivery.Refused : Delivery.Sent,
    };

    /// <summary>
    /// Adds what the standard asks for. As text, because the message lives as long as its response, and parsed values
    /// would take some hundred bytes more. HttpClient adds a default header only where the message has none.
    /// </summary>
    private void AddHeaders(HttpRequestMessage message)
    {
        HttpRequestHeaders headers = message.Headers;
        HttpRequestHeaders defaults = client.DefaultRequestHeaders;
        if (!headers.Contains("Accept") && !AsksForEventStream(defaults))
            headers.TryAddWithoutValidation("Accept", ResponseHeaders.EventStream);
#if NET
        if (OperatingSystem.IsBrowser())
        {
            // Cache-Control would make a request to another origin need a preflight, which most servers refuse.
            message.Options.Set(StreamInBrowser, true);
            message.Options.TryGetValue(FetchOptions, out IDictionary<string, object>? callers);
            var fetch = new Dictionary<string, object>(callers ?? new Dictionary<string, object>());
            fetch.TryAdd("cache", "no-store");
            message.Options.Set(FetchOptions, fetch);
            return;
        }
#endif
        if (!headers.Contains("Cache-Control") && !defaults.Contains("Cache-Control"))
            headers.TryAddWithoutValidation("Cache-Control", "no-cache");
    }

    /// <summary>A wildcard does not ask for it: the server may prefer another type.</summary>
    private static bool AsksForEventStream(HttpRequestHeaders headers) => headers.Accept.Any(type =>
        type.Quality != 0 && ResponseHeaders.EventStream.Equals(type.MediaType, StringComparison.OrdinalIgnoreCase));

    /// <summary>Adds the last event ID. The caller's header counts until the stream has an ID.</summary>
    /// <returns>The ID in the header; empty without one.</returns>
    private string AddLastEventId(HttpRequestHeaders headers, string lastEventId, bool isOwnId)
    {
        const string Name = SseRequest.LastEventIdHeaderName;
        HttpRequestHeaders defaults = client.DefaultRequestHeaders;
        IEnumerable<string>? values = null;
        bool isCallers = headers.TryGetValues(Name, out values) || defaults.TryGetValues(Name, out values);
        if (!options.SendLastEventId || (isCallers && !isOwnId))
            return string.Join(", ", values ?? []);

        // An empty header keeps HttpClient from adding the default one.
        headers.Remove(Name);
        if (lastEventId.Length > 0 || defaults.Contains(Name))
            headers.TryAddWithoutValidation(Name, LastEventIdHeader.ValueOf(lastEventId));
        return lastEventId;
    }

    private string DescribeTimeout()
    {
        string reason = client.Timeout == Timeout.InfiniteTimeSpan
            ? "The client's handler gave the request up before a response came."
            : $"The client gave the request up before a response came; HttpClient.Timeout is {client.Timeout}.";
        return reason + " It may have waited for other open streams of the client. Each takes a connection (see"
            + " MaxConnectionsPerServer), or over HTTP/2 one of the streams that the server allows on a connection"
            + " (SETTINGS_MAX_CONCURRENT_STREAMS; see EnableMultipleHttp2Connections).";
    }

    private static bool IsSafe(HttpMethod method) =>
        method.Method.ToUpperInvariant() is "GET" or "HEAD" or "OPTIONS" or "TRACE";

    /// <summary>The message's address as the client completes it; null if neither has one.</summary>
    private Uri? AddressOf(HttpRequestMessage message) => message.RequestUri is not { } address
        ? client.BaseAddress
        : SseRequest.IsRelative(address) && client.BaseAddress is { } baseAddress
            ? new Uri(baseAddress, address)
            : address;
}
