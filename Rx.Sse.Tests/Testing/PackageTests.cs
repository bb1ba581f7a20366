using System.Xml.Linq;

namespace Rx.Sse.Tests.Testing;

internal sealed class PackageTests
{
    [Test]
    public void RxSseTesting_DependsOnRxSseAndSystemReactiveAlone()
    {
        XDocument project = XDocument.Load(Repository.PathOf("Rx.Sse.Testing", "Rx.Sse.Testing.csproj"));

        IEnumerable<string> dependencies = project.Descendants()
            .Where(
                item => item.Name.LocalName is "PackageReference" or "ProjectReference"
                    && item.Attribute("PrivateAssets") is null)
            .Select(item => item.Attribute("Include")!.Value);

        Assert.That(dependencies, Is.EqualTo(new[] { "../Rx.Sse/Rx.Sse.csproj", "System.Reactive" }));
    }
}
