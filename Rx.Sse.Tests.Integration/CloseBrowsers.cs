using Rx.Sse.Tests.Integration.Browser;

namespace Rx.Sse.Tests.Integration;

/// <summary>Closes the browsers that the fixtures share, after the last fixture.</summary>
[SetUpFixture]
internal sealed class CloseBrowsers
{
    [OneTimeTearDown]
    public Task CloseAsync() => PlaywrightBrowser.CloseAllAsync();
}
