using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rx.Sse.Benchmarks.Inputs;

namespace Rx.Sse.Benchmarks;

/// <summary>A server in a separate process, so that its CPU time and memory are not counted as the client's.</summary>
internal sealed class BenchmarkServer : IDisposable
{
    private const int WriteSize = 64 * 1024;
    private const int InputSize = 64 * 1024 * 1024;
    private const int BurstSize = 60 * 1024;

    private static readonly Dictionary<string, Input> Inputs = [];

    private readonly Process _process;

    private BenchmarkServer(Process process, string http1, string http2) =>
        (_process, Http1, Http2) = (process, http1, http2);

    public string Http1 { get; }

    public string Http2 { get; }

    public static BenchmarkServer Start()
    {
        Process process = OwnProcess.Start("serve");
        string[] addresses = process.StandardOutput.ReadLine()!.Split(' ');
        return new BenchmarkServer(process, addresses[0], addresses[1]);
    }

    /// <summary>
    /// Creates the input that this server sends. It is long enough for a connection to reach its full speed.
    /// </summary>
    public static Input CreateInput(string kindName) => Input.Create(Kinds.Get(kindName), size: InputSize);

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>Serves requests until standard input ends.</summary>
    public static async Task<int> RunAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.Http2.MaxStreamsPerConnection = 100_000;
            kestrel.ListenLocalhost(FreePort(), listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.ListenLocalhost(FreePort(), listen => listen.Protocols = HttpProtocols.Http2);
        });
        await using WebApplication app = builder.Build();
        app.MapGet("/kind/{name}", SendInputAsync);
        app.MapGet("/idle", IdleAsync);
        app.MapGet("/latency/{count}", SendTimesAsync);
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        Console.WriteLine(string.Join(' ', addresses.Addresses));
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task SendInputAsync(HttpContext context, string name)
    {
        Input input;
        lock (Inputs)
            input = Inputs.TryGetValue(name, out Input? known) ? known : Inputs[name] = CreateInput(name);
        context.Response.ContentType = "text/event-stream";
        foreach (ReadOnlyMemory<byte> chunk in input.InChunksOf(WriteSize))
            await context.Response.Body.WriteAsync(chunk);
    }

    private static async Task IdleAsync(HttpContext context, bool burst = false)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.StartAsync();
        if (burst)
            await context.Response.WriteAsync($"data: {new string('x', BurstSize)}\n\n");
        await context.Response.Body.FlushAsync();
        await Task.Delay(Timeout.Infinite, context.RequestAborted)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>
    /// Sends one event per millisecond, the first one at once. Each contains the time at which it was sent.
    /// </summary>
    private static async Task SendTimesAsync(HttpContext context, int count)
    {
        context.Response.ContentType = "text/event-stream";
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        for (int i = 0; i < count && (i == 0 || await timer.WaitForNextTickAsync()); i++)
        {
            string block = string.Create(CultureInfo.InvariantCulture, $"data: {Stopwatch.GetTimestamp()}\n\n");
            await context.Response.WriteAsync(block);
            await context.Response.Body.FlushAsync();
        }
    }
}
