using System.Net.Http.Headers;

namespace Rx.Sse.Http;

/// <summary>
/// Opens the connections of one stream: makes the request, sends it, and checks that an event stream came back.
/// </summary>
/// <param name="client">The caller's client.</param>
/// <param name="request">Makes the messages.</param>
/// <param name="resend">Whether a request that is not safe may be sent again.</param>
/// <param name="time">The clock of what may take too long.</param>
/// <param name="listener">Told of every message before it is sent.</param>
internal sealed class SseConnector(
    HttpClient client, SseRequest request, SseResend resend, TimeProvider time, IRequestListener listener)
{
#if NET
    private static readonly HttpRequestOptionsKey<bool> StreamInBrowser = new("WebAssemblyEnableStreamingResponse");
#endif

    /// <summary>What became of the last message whose method is not safe.</summary>
    private Delivery _delivery;

    private enum Delivery
    {
        /// <summary>There was none, or it was never handed to the client.</summary>
        None,

        /// <summary>The server has not received it, or has refused it.</summary>
        Refused,

        /// <summary>The server may have acted on it.</summary>
        Sent,
    }

    /// <summary>The client's handler does not send IDs beyond ASCII; no further attempt needs to try.</summary>
    public bool RefusesNonAsciiIds { get; private set; }

    /// <summary>
    /// The last message's method is safe (RFC 9110, section 9.2.1): sending it again asks for nothing new. True before
    /// there is a message.
    /// </summary>
    public bool HasSafeMethod { get; private set; } = true;

    /// <summary>Whether another attempt may send its message, as far as that is known before there is one.</summary>
    public bool MayConnectAgain => request.TakesAttempt || MaySend(HasSafeMethod);

    /// <summary>One attempt. A failure is returned too, and leaves nothing open.</summary>
    public ValueTask<ConnectResult> ConnectAsync(SseAttempt attempt, CancellationToken cancellation)
    {
        string lastEventId = attempt.LastEventId;
        if (LastEventIdHeader.IsAscii(lastEventId))
            return ConnectOnceAsync(attempt, lastEventId, cancellation);
        return RefusesNonAsciiIds
            ? ConnectOnceAsync(attempt, "", cancellation)
            : ConnectWithNonAsciiIdAsync(attempt, cancellation);
    }

    /// <summary>Closes a connection that <see cref="ConnectAsync"/> opened, at once.</summary>
    public static void Close(HttpResponseMessage response)
    {
        HandlerBody.Abort(response.Content);
        Discard(response.RequestMessage);
        Discard(response);
    }

    /// <summary>What a content of the caller's throws when it is disposed of says nothing about the stream.</summary>
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

    private async ValueTask<ConnectResult> ConnectWithNonAsciiIdAsync(SseAttempt attempt, CancellationToken cancellation)
    {
        ConnectResult result =
            await ConnectOnceAsync(attempt, attempt.LastEventId, cancellation).ConfigureAwait(false);
        if (result.Error is not HttpRequestException failure
            || !LastEventIdHeader.IsRefused(failure, attempt.LastEventId))
            return result;

        // The message has not been sent. Going on without the ID is what is left: see SseRequest.HeaderEncoding. That it
        // is sent now proves the reason.
        result = await ConnectOnceAsync(attempt, "", cancellation).ConfigureAwait(false);
        RefusesNonAsciiIds = result.Response is not null;
        return result;
    }

    private async ValueTask<ConnectResult> ConnectOnceAsync(
        SseAttempt attempt, string lastEventId, CancellationToken cancellation)
    {
        HttpRequestMessage? message = null;
        HttpResponseMessage? response = null;
        Delivery before = _delivery;
        try
        {
            message = await CreateMessageAsync(attempt, cancellation).ConfigureAwait(false);
            Complete(message, lastEventId);
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
            if (!ResponseCheck.IsAccepted(response))
                throw await ResponseCheck.ReadErrorAsync(response, time, cancellation).ConfigureAwait(false);
            return new ConnectResult(response);
        }
        catch (Exception exception)
        {
            if (!HasSafeMethod && before != Delivery.Sent)
                _delivery = StateAfter(exception, message!, lastEventId, before);
            if (response is not null)
                Close(response);
            Discard(message);
            return new ConnectResult(exception);
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
            // HttpClient reports its own timeout as a cancellation that nobody here asked for.
            throw new TimeoutException(DescribeTimeout(message), exception);
        }
        catch (Exception exception)
            when (exception is InvalidOperationException or NotSupportedException or ArgumentException or UriFormatException)
        {
            throw new SseRequestException("The client did not send the request.", exception);
        }
    }

    /// <summary>The one gate for requests that are not safe, right before the send.</summary>
    private bool MaySend(bool isSafe) =>
        isSafe
        || _delivery == Delivery.None
        || resend == SseResend.Always
        || (resend == SseResend.WhenRefused && _delivery == Delivery.Refused);

    /// <summary>What is known of a message whose attempt has failed so. In doubt it has been sent.</summary>
    private Delivery StateAfter(
        Exception failure, HttpRequestMessage message, string lastEventId, Delivery before) => failure switch
        {
            _ when _delivery == before => before,

            // The server has acted on it and redirected to what a GET gets. That changes the message.
            _ when IsSafe(message.Method) => Delivery.Sent,
            HttpRequestException request when LastEventIdHeader.IsRefused(request, lastEventId) => before,
            _ => Refusal.Is(failure) ? Delivery.Refused : Delivery.Sent,
        };

    /// <summary>Gives the message what the standard wants, and what the caller has not set.</summary>
    private void Complete(HttpRequestMessage message, string lastEventId)
    {
        HasSafeMethod = IsSafe(message.Method);

        // HttpClient adds a default header only where the message has none: what the caller set wins, here and there.
        HttpRequestHeaders headers = message.Headers;
        HttpRequestHeaders defaults = client.DefaultRequestHeaders;
        AddHeader(headers, defaults, "Accept", ResponseCheck.EventStream);
        AddHeader(headers, defaults, "Cache-Control", "no-cache");
        if (lastEventId.Length > 0)
            AddHeader(headers, defaults, SseRequest.LastEventIdHeaderName, LastEventIdHeader.ValueOf(lastEventId));
#if NET
        if (OperatingSystem.IsBrowser())
            message.Options.Set(StreamInBrowser, true);
#endif
    }

    private string DescribeTimeout(HttpRequestMessage message)
    {
        string description = client.Timeout == Timeout.InfiniteTimeSpan
            ? "The client's handler gave the request up before a response came."
            : $"The client gave the request up before a response came; HttpClient.Timeout is {client.Timeout}.";
        return MayUseHttp2(message)
            ? description + " Over HTTP/2, the request may have waited for a stream: the server limits the streams of a"
                + " connection (SETTINGS_MAX_CONCURRENT_STREAMS), and each open event stream takes one."
                + " SocketsHttpHandler.EnableMultipleHttp2Connections allows more connections."
            : description;
    }

    private static bool MayUseHttp2(HttpRequestMessage message) =>
#if NET
        message.VersionPolicy switch
        {
            HttpVersionPolicy.RequestVersionOrHigher => message.Version.Major <= 2,
            HttpVersionPolicy.RequestVersionOrLower => message.Version.Major >= 2,
            _ => message.Version.Major == 2,
        };
#else
        message.Version.Major >= 2;
#endif

    /// <summary>As text, for the message lives as long as its response, and parsed values would take some hundred bytes more.</summary>
    private static void AddHeader(HttpRequestHeaders headers, HttpRequestHeaders defaults, string name, string value)
    {
        if (!headers.Contains(name) && !defaults.Contains(name))
            headers.TryAddWithoutValidation(name, value);
    }

    private static bool IsSafe(HttpMethod method) =>
        method == HttpMethod.Get || method == HttpMethod.Head || method == HttpMethod.Options || method == HttpMethod.Trace;

    /// <summary>The message's address as the client completes it; null if neither has one.</summary>
    private Uri? AddressOf(HttpRequestMessage message) => message.RequestUri switch
    {
        null => client.BaseAddress,
        { } address when SseRequest.IsRelative(address) && client.BaseAddress is { } baseAddress => new Uri(baseAddress, address),
        { } address => address,
    };
}
