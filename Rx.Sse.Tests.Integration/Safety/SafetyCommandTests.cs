using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Rx.Sse.Tests.Integration.Servers;

namespace Rx.Sse.Tests.Integration.Safety;

/// <summary>
/// No program without unsafe code may crash the process or read memory outside its buffers. Each case runs in a
/// separate process, so that a crash does not end the tests, and with every vector width that this machine supports.
/// Most of the time is spent on starting the processes, and may exceed 5 s while other tests run.
/// </summary>
[CancelAfter(120_000)]
[Parallelizable(ParallelScope.All)]
internal sealed class SafetyCommandTests
{
    private static readonly Vectors[] AllVectors =
    [
        new(512),
        new(256, "DOTNET_EnableAVX512", "DOTNET_EnableAVX512F"),
        new(128, "DOTNET_EnableAVX2"),
        new(0, "DOTNET_EnableHWIntrinsic"),
    ];

    [Test]
    public async Task Parse_InputBetweenProtectedPages_ReadsNothingElse(
        [ValueSource(nameof(AllVectors))] Vectors vectors, CancellationToken hang) =>
        AssertRan(await RunAsync("guards", vectors, hang), vectors);

    [Test]
    public async Task Parse_AnotherThreadWrites_SurvivesWithBytesOfTheInput(
        [ValueSource(nameof(AllVectors))] Vectors vectors, CancellationToken hang) =>
        AssertRan(await RunAsync("writer --seconds 0.3", vectors, hang), vectors);

    [TestCase("reused-buffer")]
    [TestCase("two-threads")]
    [TestCase("reentrant")]
    [TestCase("dispose")]
    public async Task ParseSse_CarelessSource_SurvivesWithBytesOfTheInput(string name, CancellationToken hang) =>
        AssertRan(await RunAsync($"{name} --seconds 0.3", AllVectors[0], hang), AllVectors[0]);

    /// <summary>
    /// The event has 15 MiB. With a heap of 48 MiB, there is no room for its text beside the arrays that its bytes have
    /// needed.
    /// </summary>
    [TestCase("FromSse")]
    [TestCase("FromSseSignals")]
    [TestCase("ParseSse")]
    [TestCase("ToSseObservable")]
    public async Task Decode_OutOfMemory_IsAnErrorOfTheStream(string way, CancellationToken hang) =>
        AssertRan(await RunAsync($"small-heap:{way}", AllVectors[0], hang, heapLimit: 48), AllVectors[0]);

    /// <summary>
    /// With a heap of 24 MiB, there is no room for an array of 16 MiB beside the one of 8 MiB, which is too small for
    /// the event.
    /// </summary>
    [TestCase("FromSse")]
    [TestCase("FromSse<T>")]
    [TestCase("FromSseSignals")]
    [TestCase("ParseSse")]
    [TestCase("ParseSse<T>")]
    [TestCase("ToSseObservable")]
    public async Task Append_OutOfMemory_IsAnErrorOfTheStream(string way, CancellationToken hang) =>
        AssertRan(await RunAsync($"small-heap:{way}", AllVectors[0], hang, heapLimit: 24), AllVectors[0]);

    /// <summary>
    /// Checks that the program can fail: with enough memory the event arrives, so there is no out-of-memory error.
    /// </summary>
    [Test]
    public async Task Decode_EnoughMemory_IsReportedAsAWrongResult(CancellationToken hang)
    {
        (int exitCode, string output) = await RunAsync("small-heap:FromSse", AllVectors[0], hang);

        Assert.That(exitCode, Is.EqualTo(1), output);
        Assert.That(output, Does.Contain("Wrong: 1 events, then completed."));
    }

    [TestCase("unknown", "'unknown' is no case of safety; --help lists them.")]
    [TestCase("writer --seconds x", "'--seconds x' is no option of safety; --help lists them.")]
    public async Task Safety_BadArguments_SaysWhichInASentence(
        string arguments, string sentence, CancellationToken hang)
    {
        (int exitCode, string output) = await RunAsync(arguments, AllVectors[0], hang);

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(output.Trim(), Is.EqualTo(sentence));
    }

    private static void AssertRan((int ExitCode, string Output) result, Vectors vectors)
    {
        TestContext.Out.WriteLine(result.Output);
        Assert.That(result.ExitCode, Is.Zero, result.Output);
        Assert.That(result.Output, Does.Contain($"vectors of {Math.Min(vectors.Bits, Vectors.Widest)} bits"));
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(
        string arguments, Vectors vectors, CancellationToken hang, int? heapLimit = null)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Rx.Sse.Tests.Reliability.dll");

        // The host of the runtime that runs the tests, which may differ from the SDK's.
        string dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));
        var start = new ProcessStartInfo(dotnet, [program, "safety", .. arguments.Split(' ')]);
        foreach (string setting in vectors.SwitchedOff)
            start.Environment[setting] = "0";
        if (heapLimit is { } mebibytes)
            start.Environment["DOTNET_GCHeapHardLimit"] = $"{mebibytes * 1024 * 1024:X}";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        using var process = new ChildProcess(start);
        int exitCode = await process.ExitAsync(hang);
        return (exitCode, process.Output);
    }

    /// <summary>The widest vectors of a process, and the runtime settings that disable wider ones.</summary>
    internal sealed record Vectors(int Bits, params string[] SwitchedOff)
    {
        /// <summary>The widest vectors that this machine supports, in bits.</summary>
        public static int Widest =>
            Vector512.IsHardwareAccelerated ? 512
            : Vector256.IsHardwareAccelerated ? 256
            : Vector128.IsHardwareAccelerated ? 128
            : 0;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Bits} bits");
    }
}
