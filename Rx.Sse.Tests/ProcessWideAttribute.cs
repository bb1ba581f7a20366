namespace Rx.Sse.Tests;

/// <summary>
/// Runs a test while no other test runs in this process, because it observes or measures what other tests do.
/// </summary>
/// <param name="what">What the test observes or measures.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class ProcessWideAttribute(string what) : ParallelizableAttribute(ParallelScope.None)
{
    public string What { get; } = what;
}
