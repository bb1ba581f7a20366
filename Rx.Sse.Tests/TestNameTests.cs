using System.Reflection;
using NUnit.Framework.Interfaces;

namespace Rx.Sse.Tests;

/// <summary>
/// Test names are readable in a list. The integration tests inherit this test to check their own names.
/// </summary>
internal class TestNameTests
{
    private const int MaxLength = 70;

    [Test]
    public void Tests_OfThisAssembly_HaveShortNames()
    {
        string[] names =
        [
            .. GetType().Assembly.GetTypes()
                .SelectMany(type => type.GetMethods())
                .Where(IsTest)
                .Select(method => method.Name)
                .Distinct(),
        ];

        Assert.That(names, Has.Some.Contains(nameof(Tests_OfThisAssembly_HaveShortNames)));
        Assert.That(names.Where(name => name.Length > MaxLength), Is.Empty);
    }

    private static bool IsTest(MethodInfo method) =>
        method.GetCustomAttributes().Any(attribute => attribute is ITestBuilder or ISimpleTestBuilder);
}
