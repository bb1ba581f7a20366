using System.Reactive.Linq;
using Microsoft.AspNetCore.Components;
using Polly;

namespace Rx.Sse.Tests.Integration.WebAssembly;

/// <summary>
/// Streams from the host according to the parameters in the page's address, shows everything that happens, and reports
/// to the host what it has shown.
/// </summary>
public sealed partial class StreamPage : IDisposable
{
    private readonly List<string> _lines = [];
    private readonly FetchAbort _abort = new();
    private IDisposable? _subscription;

    /// <summary>Completes when all lines so far have been reported to the host, one at a time and in order.</summary>
    private Task _told = Task.CompletedTask;

    /// <summary>The body to send with a POST. Without it, the stream is a GET.</summary>
    [SupplyParameterFromQuery]
    private string? Post { get; set; }

    /// <summary>The idle timeout, in milliseconds.</summary>
    [SupplyParameterFromQuery]
    private int? IdleTimeout { get; set; }

    /// <summary>The address of the stream, if it is not on the host.</summary>
    [SupplyParameterFromQuery]
    private string? Url { get; set; }

    /// <summary>Whether to send the last event ID in the address instead of the header, and to send cookies.</summary>
    [SupplyParameterFromQuery]
    private bool IdInAddress { get; set; }

    /// <summary>The timeout of an attempt, in milliseconds.</summary>
    [SupplyParameterFromQuery]
    private int? AttemptTimeout { get; set; }

    /// <summary>Whether to pass an abort signal of the page to the fetch.</summary>
    [SupplyParameterFromQuery]
    private bool OwnSignal { get; set; }

    [Inject]
    private HttpClient Client { get; set; } = null!;

    protected override void OnInitialized()
    {
        (SseRequest request, SseOptions options) = (Url ?? "stream", new SseOptions());
        if (IdInAddress)
            (request, options) = OtherOrigin.ResumeByAddress(Url!);
        else if (OwnSignal)
        {
            request = SseRequest.Create(() =>
            {
                var message = new HttpRequestMessage(HttpMethod.Get, "stream");
                _abort.Attach(message);
                return message;
            });
        }
        else if (Post is not null)
            request = SseRequest.Post("stream", () => new StringContent(Post));
        options = options with
        {
            IdleTimeout = IdleTimeout is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
            Reconnection = SseReconnection.Default with
            {
                UseJitter = false,
                ConfigureAttempt = AttemptTimeout is { } limit
                    ? builder => builder.AddTimeout(TimeSpan.FromMilliseconds(limit))
                    : null,
            },
            EndOfStream = Post is null ? null : SseEndOfStream.Fail,
        };
        _subscription = Observable
            .FromSseSignals(Client, request, options)
            .TakeWhile(signal => signal is not SseEvent { Data: "[DONE]" })
            .Select(Describe)
            .Subscribe(Show, error => Show(error.GetType().Name), () => Show("completed"));
        if (AttemptTimeout is { } timeout)
            _ = ShowTimeoutAsync(timeout);
    }

    public void Dispose()
    {
        _subscription?.Dispose();
        _abort.Dispose();
    }

    private static string Describe(SseSignal signal) => signal switch
    {
        SseConnecting => "connecting",
        SseOpened opened => $"open {(int)opened.StatusCode}",
        SseEvent e => $"{e.EventType} {e.Data}",
        SseDisconnected lost => $"{lost.Reason.GetType().Name}, again in {lost.Delay?.TotalMilliseconds} ms",
        _ => signal.GetType().Name,
    };

    /// <summary>Starts after the timeout of the first attempt has started, and so ends after it.</summary>
    private async Task ShowTimeoutAsync(int milliseconds)
    {
        await Task.Delay(milliseconds);
        Show("timeout is over");
    }

    private void Leave()
    {
        Dispose();
        Show("left");
    }

    private void Show(string line)
    {
        _lines.Add(line);
        StateHasChanged();
        _told = TellAsync(_told, line);
    }

    private async Task TellAsync(Task earlier, string line)
    {
        await earlier;
        using HttpResponseMessage response = await Client.PostAsync("shown", new StringContent(line));
    }
}
