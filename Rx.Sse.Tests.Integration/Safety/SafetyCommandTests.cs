using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Rx.Sse.Tests.Integration.Servers;

namespace Rx.Sse.Tests.Integration.Safety;

/// <summary>
/// No safe program may crash the process or read bytes that are not its own. Each case runs in a process of its own,
/// which may crash instead of the tests, and with every width of vectors that this machine has. To start the processes
/// takes most of the time, which may be more than 5 s beside other tests.
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
    /// The event has 15 MiB. In 48 MiB its text does not fit beside the arrays that its bytes have needed.
    /// </summary>
    [TestCase("FromSse")]
    [TestCase("FromSseSignals")]
    [TestCase("ParseSse")]
    [TestCase("ToSseObservable")]
    public async Task Decode_OutOfMemory_IsAnErrorOfTheStream(string way, CancellationToken hang) =>
        AssertRan(await RunAsync($"small-heap:{way}", AllVectors[0], hang, heapLimit: 48), AllVectors[0]);

    /// <summary>
    /// In 24 MiB, an array of 16 MiB does not fit beside that of 8 MiB, which is too small for the event.
    /// </summary>
    [TestCase("FromSse")]
    [TestCase("FromSse<T>")]
    [TestCase("FromSseSignals")]
    [TestCase("ParseSse")]
    [TestCase("ParseSse<T>")]
    [TestCase("ToSseObservable")]
    public async Task Append_OutOfMemory_IsAnErrorOfTheStream(string way, CancellationToken hang) =>
        AssertRan(await RunAsync($"small-heap:{way}", AllVectors[0], hang, heapLimit: 24), AllVectors[0]);

    /// <summary>The program can fail: with enough memory the event arrives, and nothing runs out.</summary>
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

        // The host of the runtime that the tests run on, which may not be the SDK's.
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

    /// <summary>The widest vectors of a process, and the settings of the runtime that switch wider ones off.</summary>
    internal sealed record Vectors(int Bits, params string[] SwitchedOff)
    {
        /// <summary>The widest that this machine has.</summary>
        public static int Widest =>
            Vector512.IsHardwareAccelerated ? 512
            : Vector256.IsHardwareAccelerated ? 256
            : Vector128.IsHardwareAccelerated ? 128
            : 0;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Bits} bits");
    }
}
