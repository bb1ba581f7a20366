using Rx.Sse.Tests.Integration.Browser;

namespace Rx.Sse.Tests.Integration;

/// <summary>Ends the browser that the fixtures share, after the last of them.</summary>
[SetUpFixture]
internal sealed class CloseBrowser
{
    [OneTimeTearDown]
    public Task CloseAsync() => Chromium.CloseAsync();
}
