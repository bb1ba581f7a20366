using System.Net;

namespace Rx.Sse.Tests.Http;

internal sealed class HttpVersionTests
{
    /// <summary>Not with the netstandard2.0 build, where <see cref="HttpClient"/> has no such setting.</summary>
    [Test]
    [Category("NotNetStandard")]
    public void FromSse_VersionOfTheClient_IsAskedFor()
    {
        var story = new HeaderProbe();
        story.Client.DefaultRequestVersion = HttpVersion.Version20;
        story.Client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;

        HttpRequestMessage request = story.Send(Story.Path, null);

        Assert.That(request.Version, Is.EqualTo(HttpVersion.Version20));
        Assert.That(request.VersionPolicy, Is.EqualTo(HttpVersionPolicy.RequestVersionExact));
    }
}
