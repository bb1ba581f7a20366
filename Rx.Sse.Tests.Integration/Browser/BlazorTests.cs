using NUnit.Framework.Interfaces;

namespace Rx.Sse.Tests.Integration.Browser;

/// <summary>Tests of the page of the Blazor application, in one of the browser engines.</summary>
internal abstract class BlazorTests(BrowserEngine engine)
{
    private BlazorApp? _app;

    protected BrowserEngine Engine { get; } = engine;

    protected BlazorApp App => _app!;

    /// <summary>
    /// Loads the page once for all tests, and again after a failed test. So the first test takes 6 s or more.
    /// </summary>
    [SetUp]
    public async Task Open()
    {
        if (_app is null)
        {
            _app = await BlazorApp.OpenAsync(Engine);
            Assert.That(await App.TakeErrorsAsync(), Is.Empty);
        }
    }

    [TearDown]
    public async Task CloseAfterFailure()
    {
        if (TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed)
            await Close();
    }

    [OneTimeTearDown]
    public async Task Close()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _app = null;
    }
}
