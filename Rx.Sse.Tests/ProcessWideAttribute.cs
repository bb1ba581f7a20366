namespace Rx.Sse.Tests;

/// <summary>Runs a test while no other test runs in this process, because it hears or measures what they do.</summary>
/// <param name="what">What it hears or measures.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class ProcessWideAttribute(string what) : ParallelizableAttribute(ParallelScope.None)
{
    public string What { get; } = what;
}
