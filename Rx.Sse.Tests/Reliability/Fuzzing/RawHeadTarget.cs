using System.Net;
using System.Reactive.Linq;

namespace Rx.Sse.Tests.Reliability.Fuzzing;

/// <summary>Responses that are bytes on a socket and are parsed by .NET's own handler.</summary>
internal sealed class RawHeadTarget : FuzzTarget, IAsyncDisposable
{
    private static readonly SseOptions Options = new() { Reconnection = SseReconnection.Never, MaxEventSize = 10_000 };

    /// <summary>Nothing here takes long. Anything that has not ended by then hangs.</summary>
    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(1);

    private readonly RawServer _server;
    private readonly HttpClient _client;
    private byte[] _answer = [];

    public RawHeadTarget()
    {
        _server = new RawServer(connection => connection.SendAsync(_answer));
        _client = new HttpClient(new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.All,
            MaxAutomaticRedirections = 3,

            // A cookie that is not ASCII would make every further request fail.
            UseCookies = false,

            // The server closes every connection, even if the head says that it stays open.
            PooledConnectionLifetime = TimeSpan.Zero,
        });
    }

    public override Tally Tally { get; } = new("responses on a socket");

    public override async Task<string?> TryAsync(int seed, int number)
    {
        RawHead head = Generate(RawHeads.Any, seed, number);
        string outcome = await ConnectAsync(head);
        Tally.AddInput();
        Tally.Add(outcome.Split(' ')[0]);
        if (IsAllowed(head, outcome))
            return null;

        byte[] bytes = await Minimizer.ShrinkAsync(
            head.Bytes, async bytes => await ConnectAsync(head with { Bytes = bytes }) == outcome);
        return $"Seed {seed}, response {number}: {outcome}. {(head.IsGood ? head : head with { Bytes = bytes })}";
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    /// <summary>An error must be of one of the documented types, not only of their common base type.</summary>
    private static bool IsAllowed(RawHead head, string outcome) => head.IsGood
        ? outcome == "good"
        : outcome is "good" or "completed" or nameof(SseResponseException) or nameof(SseConnectionException)
            or nameof(SseLimitException)
            or nameof(SseRequestException); // A redirect to an address that cannot be requested.

    private async Task<string> ConnectAsync(RawHead head)
    {
        _answer = head.Bytes;
        var end = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        bool isGood = false;
        using IDisposable subscription = Observable.FromSse(_client, _server.Url, Options).Subscribe(
            e => isGood |= e.Data == "good",
            error => end.SetResult(
                error.GetType() == typeof(SseException) || head.IsGood ? error.ToString() : error.GetType().Name),
            () => end.SetResult(isGood ? "good" : "completed"));
        try
        {
            return await end.Task.WaitAsync(Hang);
        }
        catch (TimeoutException)
        {
            return "It hangs";
        }
    }
}
