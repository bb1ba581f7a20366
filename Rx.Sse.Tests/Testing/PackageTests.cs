using Rx.Sse.Testing;

namespace Rx.Sse.Tests.Testing;

internal sealed class PackageTests
{
    [Test]
    public void RxSseTesting_DependsOnRxSseAndSystemReactiveAlone() =>
        Assert.That(
            typeof(SseTestServer).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name)
                .Where(name => name != "netstandard" && !name!.StartsWith("System.", StringComparison.Ordinal)),
            Is.EqualTo(new[] { "Rx.Sse" }));
}
