using System.Net.Http.Headers;
using Rx.Sse.Headers;

namespace Rx.Sse.Http;

/// <summary>
/// Opens the connections of one subscription, one at a time: creates the message, sends it, and checks the response.
/// </summary>
/// <param name="client">The client of the caller.</param>
/// <param name="request">Creates the messages.</param>
/// <param name="options">The settings of the stream.</param>
/// <param name="time">The clock of the stream.</param>
/// <param name="listener">Called right before each message is sent.</param>
internal sealed class SseConnector(
    HttpClient client, SseRequest request, SseOptions options, TimeProvider time, IRequestListener listener)
{
#if NET
    private static readonly HttpRequestOptionsKey<bool> StreamInBrowser = new("WebAssemblyEnableStreamingResponse");
    private static readonly HttpRequestOptionsKey<IDictionary<string, object>> FetchOptions =
        new("WebAssemblyFetchOptions");
#endif

    /// <summary>The fate of the last message with a method that is not safe.</summary>
    private Delivery _lastUnsafeDelivery;

    /// <summary>
    /// Set when the handler has refused an ID that is not ASCII, so that further attempts do not try.
    /// </summary>
    private bool _refusesNonAsciiIds;

    /// <summary>
    /// The message of the open connection. <see cref="HttpResponseMessage.RequestMessage"/> may be another one, which a
    /// handler has sent instead.
    /// </summary>
    private HttpRequestMessage? _openMessage;

    private enum Delivery
    {
        /// <summary>There was no such message, or it was never passed to the client.</summary>
        None,

        /// <summary>The server has not received the message, or has refused it.</summary>
        Refused,

        /// <summary>The server may have acted on the message.</summary>
        Sent,
    }

    /// <summary>
    /// Gets whether the method of the last message is safe (RFC 9110, section 9.2.1). True before the first message.
    /// </summary>
    public bool HasSafeMethod { get; private set; } = true;

    /// <summary>Gets whether another attempt may be made, as far as that is known before its message exists.</summary>
    public bool MayConnectAgain => request.TakesAttempt || MaySend(HasSafeMethod);

    /// <summary>
    /// Makes one attempt to connect. It returns failures and does not throw. After a failure, no connection is open.
    /// </summary>
    /// <param name="attempt">The argument for the request factory.</param>
    /// <param name="isIdFromServer">
    /// Whether the server has sent the last event ID. Otherwise, a header that the caller has set takes precedence.
    /// </param>
    /// <param name="cancellation">Cancels the attempt.</param>
    public async ValueTask<ConnectResult> ConnectAsync(
        SseAttempt attempt, bool isIdFromServer, CancellationToken cancellation)
    {
        string lastEventId = attempt.LastEventId;
        bool isAscii = LastEventIdHeader.IsAscii(lastEventId);
        if (!isAscii && _refusesNonAsciiIds)
            lastEventId = "";
        ConnectResult result =
            await ConnectOnceAsync(attempt, lastEventId, isIdFromServer, cancellation).ConfigureAwait(false);
        if (isAscii || _refusesNonAsciiIds || !IsNotEncoded(result.Error))
            return result;

        // The handler refused the message before sending it. Without SseRequest.HeaderEncoding, the only way to connect
        // is without the ID. If the handler still refuses, the reason is another header.
        result = await ConnectOnceAsync(attempt, "", isIdFromServer, cancellation).ConfigureAwait(false);
        _refusesNonAsciiIds = !IsNotEncoded(result.Error);
        return result;
    }

    /// <summary>Closes a connection at once, and disposes its messages.</summary>
    public void Close(HttpResponseMessage response)
    {
        CloseResponse(response);
        Discard(_openMessage);
        _openMessage = null;
    }

    /// <summary>Closes the connection of a response at once.</summary>
    public static void CloseResponse(HttpResponseMessage response)
    {
        HandlerBody.Abort(response.Content);
        Discard(response.RequestMessage);
        Discard(response);
    }

    /// <summary>Disposes an object of the caller, whose exceptions do not concern the stream.</summary>
    private static void Discard(IDisposable? used)
    {
        try
        {
            used?.Dispose();
        }
        catch (Exception)
        {
            // The object is not needed any more.
        }
    }

    private static bool IsNotEncoded(Exception? error) =>
        error is SseRequestException && LastEventIdHeader.IsNotEncoded(error.InnerException);

    private async ValueTask<ConnectResult> ConnectOnceAsync(
        SseAttempt attempt, string lastEventId, bool isIdFromServer, CancellationToken cancellation)
    {
        HttpRequestMessage? message = null;
        HttpContent? content = null;
        HttpResponseMessage? response = null;
        Delivery before = _lastUnsafeDelivery;
        try
        {
            message = await CreateMessageAsync(attempt, cancellation).ConfigureAwait(false);
            content = message.Content;
            AddHeaders(message);
            lastEventId = AddLastEventId(message.Headers, lastEventId, isIdFromServer);
            HasSafeMethod = IsSafe(message.Method);
            if (!MaySend(HasSafeMethod))
            {
                Discard(message);
                return default;
            }

            listener.OnSending(AddressOf(message), lastEventId);
            cancellation.ThrowIfCancellationRequested();
            if (!HasSafeMethod)
                _lastUnsafeDelivery = Delivery.Sent;
            response = await SendAsync(message, cancellation).ConfigureAwait(false);
            response.RequestMessage ??= message;
            SseException? error =
                await ResponseCheck.ErrorOfAsync(response, options, time, cancellation).ConfigureAwait(false);
            if (error is not null)
                throw error;
            _openMessage = message;
            return new ConnectResult(response, null);
        }
        catch (Exception exception)
        {
            if (!HasSafeMethod && before != Delivery.Sent)
                _lastUnsafeDelivery = DeliveryAfter(exception, message!, before);
            if (response is not null)
                CloseResponse(response);
            Discard(message);
            return new ConnectResult(null, exception);
        }
        finally
        {
            // A handler that follows a redirect may remove the content from the message.
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
            // HttpClient reports its timeout as a cancellation, and so does the handler with its connect timeout.
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

    /// <summary>
    /// Determines whether a message may be sent: the only place that applies <see cref="SseOptions.Resend"/>.
    /// </summary>
    private bool MaySend(bool isSafe) =>
        isSafe
        || _lastUnsafeDelivery == Delivery.None
        || options.Resend == SseResend.Always
        || (options.Resend == SseResend.WhenRefused && _lastUnsafeDelivery == Delivery.Refused);

    /// <summary>Returns the fate of a message whose attempt has failed. In doubt, it counts as sent.</summary>
    private Delivery DeliveryAfter(Exception failure, HttpRequestMessage message, Delivery before) => failure switch
    {
        _ when _lastUnsafeDelivery == before => before,

        // The server has acted on it and redirected to a GET, for which the handler has changed the message.
        _ when IsSafe(message.Method) => Delivery.Sent,
        _ when IsNotEncoded(failure) => before,
        _ => Refusal.Is(failure) ? Delivery.Refused : Delivery.Sent,
    };

    /// <summary>
    /// Adds the headers of the standard (WHATWG HTML, section 9.2.3), unless the caller has set them. As text, because
    /// the message lives as long as its response, and parsed values would take several hundred bytes more.
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
            // With Cache-Control, a cross-origin request would need a preflight, which most servers refuse.
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

    /// <summary>
    /// Determines whether the default headers list the media type. A wildcard does not count, because the server may
    /// prefer another type.
    /// </summary>
    private static bool AsksForEventStream(HttpRequestHeaders headers) => headers.Accept.Any(type =>
        type.Quality != 0 && ResponseHeaders.EventStream.Equals(type.MediaType, StringComparison.OrdinalIgnoreCase));

    /// <summary>Adds the last event ID. A header of the caller takes precedence until the server sends an ID.</summary>
    /// <returns>The ID in the header; empty if there is none.</returns>
    private string AddLastEventId(HttpRequestHeaders headers, string lastEventId, bool isIdFromServer)
    {
        const string Name = SseRequest.LastEventIdHeaderName;
        HttpRequestHeaders defaults = client.DefaultRequestHeaders;
        IEnumerable<string>? values = null;
        bool isCallers = headers.TryGetValues(Name, out values) || defaults.TryGetValues(Name, out values);
        if (!options.SendLastEventId || (isCallers && !isIdFromServer))
            return string.Join(", ", values ?? []);

        // An empty header prevents HttpClient from adding the default one.
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

    /// <summary>Returns the address of the message, resolved as the client does it; null if there is none.</summary>
    private Uri? AddressOf(HttpRequestMessage message) => message.RequestUri is not { } address
        ? client.BaseAddress
        : SseRequest.IsRelative(address) && client.BaseAddress is { } baseAddress
            ? new Uri(baseAddress, address)
            : address;
}
