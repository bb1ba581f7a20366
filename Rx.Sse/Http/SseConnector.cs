using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;

namespace Rx.Sse.Http;

/// <summary>Opens connections of one stream: makes the request, sends it, and checks that an event stream came back.</summary>
/// <param name="client">The caller's client.</param>
/// <param name="request">Makes the messages.</param>
/// <param name="time">The clock of what may take too long.</param>
/// <param name="listener">Told of every message before it is sent.</param>
internal sealed class SseConnector(HttpClient client, SseRequest request, TimeProvider time, IRequestListener listener)
{
#if NET
    private static readonly HttpRequestOptionsKey<bool> StreamInBrowser = new("WebAssemblyEnableStreamingResponse");
#endif

    /// <summary>The client's handler does not send IDs beyond ASCII; no further attempt needs to try.</summary>
    public bool RefusesNonAsciiIds { get; private set; }

    /// <summary>The last attempt got as far as a message to send.</summary>
    public bool HasMessage { get; private set; }

    /// <summary>The last message's method is safe (RFC 9110, section 9.2.1): sending it again asks for nothing new.</summary>
    public bool HasSafeMethod { get; private set; }

    /// <summary>One attempt. A failure is returned too, and leaves nothing open.</summary>
    /// <param name="lastEventId">Where to resume; empty for nowhere.</param>
    /// <param name="mayResend">A request that is not safe may be sent again, too.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    public ValueTask<ConnectResult> ConnectAsync(string lastEventId, bool mayResend, CancellationToken cancellation)
    {
        HasMessage = false;
        if (LastEventIdHeader.IsAscii(lastEventId))
            return ConnectOnceAsync(lastEventId, cancellation);
        return RefusesNonAsciiIds ? ConnectOnceAsync("", cancellation) : ConnectWithNonAsciiIdAsync(lastEventId, mayResend, cancellation);
    }

    /// <summary>Closes a connection that <see cref="ConnectAsync"/> opened.</summary>
    public static void Close(HttpResponseMessage response)
    {
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

    private async ValueTask<ConnectResult> ConnectWithNonAsciiIdAsync(string lastEventId, bool mayResend, CancellationToken cancellation)
    {
        ConnectResult result = await ConnectOnceAsync(lastEventId, cancellation).ConfigureAwait(false);
        if (result.Error is not HttpRequestException failure || !LastEventIdHeader.IsRefused(failure, lastEventId))
            return result;
        if (!mayResend && !HasSafeMethod)
            return result;

        // Going on without the ID is what is left: see SseRequest.HeaderEncoding. That it goes now, proves the reason.
        result = await ConnectOnceAsync("", cancellation).ConfigureAwait(false);
        RefusesNonAsciiIds = result.Response is not null;
        return result;
    }

    private async ValueTask<ConnectResult> ConnectOnceAsync(string lastEventId, CancellationToken cancellation)
    {
        HttpRequestMessage? message = null;
        HttpResponseMessage? response = null;
        try
        {
            try
            {
                message = await request.CreateMessage(client, cancellation).ConfigureAwait(false);
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                throw new SseRequestException("The request factory failed.", exception);
            }

            Complete(message, lastEventId);
            listener.OnSending(AddressOf(message), lastEventId);
            cancellation.ThrowIfCancellationRequested();
            try
            {
                response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
            {
                // HttpClient reports its own timeout as a cancellation that nobody here asked for.
                throw new TimeoutException($"The client gave the request up before a response came; HttpClient.Timeout is {client.Timeout}.", exception);
            }
            catch (Exception exception) when (exception is InvalidOperationException or NotSupportedException or ArgumentException or UriFormatException)
            {
                throw new SseRequestException("The client did not send the request.", exception);
            }

            if (!ResponseCheck.IsAccepted(response))
                throw await ResponseCheck.ReadErrorAsync(response, time, cancellation).ConfigureAwait(false);
            response.RequestMessage ??= message;
            return new ConnectResult(response);
        }
        catch (Exception exception)
        {
            Discard(response);
            Discard(message);
            return new ConnectResult(exception);
        }
    }

    /// <summary>Gives the message what the standard wants, and what the caller has not set.</summary>
    private void Complete([NotNull] HttpRequestMessage? message, string lastEventId)
    {
        if (message is null)
            throw new SseRequestException("The request factory returned null.");
        HasMessage = true;
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
