using System.Net;
using System.Text;
using Microsoft.Reactive.Testing;
using Rx.Sse.Testing;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Testing;

/// <summary>The body of a request is recorded as text, as its own content type says.</summary>
internal sealed class RequestBodyTests
{
    private static readonly byte[] Latin1 = Encoding.Latin1.GetBytes("né"), Utf8 = Encoding.UTF8.GetBytes("né");

    private static readonly TestCaseData[] Bodies =
    [
        new(Utf8, null, "né"),
        new(Utf8, "text/plain", "né"),
        new(Utf8, "text/plain; charset=klingon", "né"),
        new(Latin1, "text/plain; charset=iso-8859-1", "né"),
        new(Latin1, "text/plain; charset=\"ISO-8859-1\"", "né"),
    ];

    [TestCaseSource(nameof(Bodies))]
    public void Requests_Body_IsRecordedAsText(byte[] body, string? contentType, string text)
    {
        var server = new SseTestServer(new TestScheduler(), Respond(HttpStatusCode.OK));
        using var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);

        using HttpResponseMessage response = server.CreateClient().PostAsync("/", content).Result;

        Assert.That(server.Requests[0].Body, Is.EqualTo(text));
    }
}
