using System.Runtime.CompilerServices;
using Rx.Sse.Tests.Integration.Published;

Func<Task>[] checks =
[
    StreamChecks.TypedJsonAcrossADrop,
    StreamChecks.EverySignal,
    StreamChecks.PostWithASentinel,
    StreamChecks.ErrorOfAnApi,
    StreamChecks.IdleTimeout,
    PolicyChecks.InvalidOptions,
    PolicyChecks.PipelineInVirtualTime,
    DiagnosticsChecks.LogMeterAndTrace,
];

int passed = 0;
foreach (Func<Task> check in checks)
{
    try
    {
        // The timeout only catches hangs.
        await check().WaitAsync(TimeSpan.FromMinutes(1));
        passed++;
    }
    catch (Exception exception)
    {
        Console.WriteLine($"{check.Method.Name} has failed: {exception}");
    }
}

string compiled = RuntimeFeature.IsDynamicCodeCompiled ? "just in time" : "ahead of time";
Console.WriteLine($"{passed} of {checks.Length} checks passed, in a program compiled {compiled}.");
return passed == checks.Length ? 0 : 1;
