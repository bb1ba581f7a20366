using System.ComponentModel.DataAnnotations;
using System.Reactive.Linq;
using Polly;

namespace Rx.Sse.Tests;

/// <summary>Invalid arguments fail at the call, and the exception names the argument.</summary>
internal sealed class ArgumentTests
{
    private readonly HttpClient _client = new();

    [OneTimeTearDown]
    public void DisposeClient() => _client.Dispose();

    [Test]
    public void FromSse_Nulls_AreNamed()
    {
        AssertNull("client", () => Observable.FromSse(null!, "http://test"));
        AssertNull("request", () => Observable.FromSse(_client, (string)null!));
        AssertNull("request", () => Observable.FromSse(_client, (Uri)null!));
        AssertNull("request", () => Observable.FromSse(_client, (SseRequest)null!));
    }

    [Test]
    public void Subscribe_Null_IsNamed()
    {
        AssertNull("observer", () => Observable.FromSse(_client, "http://test").Subscribe(null!));
        AssertNull("observer", () => Observable.Empty<ReadOnlyMemory<byte>>().ParseSse().Subscribe(null!));
    }

    [TestCase("stream")]
    [TestCase("/stream")]
    [TestCase("")]
    public void FromSse_RelativeAddressWithoutBase_IsRefused(string address) =>
        Assert.That(
            () => Observable.FromSse(_client, address),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("request"));

    [Test]
    public void Get_NoAddress_IsRefused() =>
        Assert.That(
            () => SseRequest.Get("http://"), Throws.ArgumentException.With.Property("ParamName").EqualTo("address"));

    [Test]
    public void SseRequest_Nulls_AreNamed()
    {
        AssertNull("address", () => SseRequest.Get((string)null!));
        AssertNull("address", () => SseRequest.Get((Uri)null!));
        AssertNull("address", () => SseRequest.Post((Uri)null!, () => null!));
        AssertNull("content", () => SseRequest.Post("http://test", null!));
        AssertNull("message", () => SseRequest.Create((Func<HttpRequestMessage>)null!));
        AssertNull("message", () => SseRequest.Create((Func<CancellationToken, Task<HttpRequestMessage>>)null!));
    }

    [Test]
    public void SseOptions_Nonsense_IsRefused()
    {
        AssertOutOfRange("IdleTimeout", () => new SseOptions { IdleTimeout = TimeSpan.Zero });
        AssertOutOfRange("IdleTimeout", () => new SseOptions { IdleTimeout = TimeSpan.FromSeconds(-1) });
        AssertOutOfRange("IdleTimeout", () => new SseOptions { IdleTimeout = TimeSpan.MaxValue });
        AssertOutOfRange("MaxEventSize", () => new SseOptions { MaxEventSize = 0 });
        AssertOutOfRange("MaxEventSize", () => new SseOptions { MaxEventSize = -1 });
        AssertOutOfRange("EndOfStream", () => new SseOptions { EndOfStream = (SseEndOfStream)3 });
        AssertOutOfRange("EndOfStream", () => new SseOptions { EndOfStream = (SseEndOfStream)(-1) });
        AssertNull("Reconnection", () => new SseOptions { Reconnection = null! });
        AssertNull("LastEventId", () => new SseOptions { LastEventId = null! });
    }

    [Test]
    public void LastEventId_WhatNoIdContains_IsRefused([Values("a\nb", "a\rb", "a\0b")] string id) =>
        Assert.That(
            () => new SseOptions { LastEventId = id },
            Throws.ArgumentException.With.Property("ParamName").EqualTo("LastEventId"));

    [Test]
    public void SseOptions_Defaults_AreAsDocumented()
    {
        var options = new SseOptions();

        Assert.That(options.LastEventId, Is.Empty);
        Assert.That(options.Reconnection, Is.SameAs(SseReconnection.Default));
        Assert.That(options.EndOfStream, Is.Null);
        Assert.That(options.IdleTimeout, Is.Null);
        Assert.That(options.MaxEventSize, Is.EqualTo(16 * 1024 * 1024));
    }

    [Test]
    public void ParseSse_Nonsense_IsRefused()
    {
        AssertNull("source", () => SseObservable.ParseSse(null!));
        AssertNull("source", () => SseObservable.ParseSse(null!, e => e.Data.Length));
        AssertNull("selector", () => Observable.Empty<ReadOnlyMemory<byte>>().ParseSse((SseSelector<int>)null!));
    }

    [Test]
    public void SseReconnection_ValueOutOfRange_IsRefused()
    {
        SseReconnection valid = SseReconnection.Default;
        AssertOutOfRange("MaxRetryAttempts", () => valid with { MaxRetryAttempts = 0 });
        AssertOutOfRange("Delay", () => valid with { Delay = TimeSpan.FromTicks(-1) });
        AssertOutOfRange("Delay", () => valid with { Delay = TimeSpan.FromDays(1) + TimeSpan.FromTicks(1) });
        AssertOutOfRange("MaxDelay", () => valid with { MaxDelay = TimeSpan.FromTicks(-1) });
        AssertOutOfRange("MaxDelay", () => valid with { MaxDelay = TimeSpan.FromDays(1) + TimeSpan.FromTicks(1) });
        AssertOutOfRange("BackoffType", () => valid with { BackoffType = (DelayBackoffType)3 });
        AssertOutOfRange("BackoffType", () => valid with { BackoffType = (DelayBackoffType)(-1) });
        AssertNull("ShouldHandle", () => valid with { ShouldHandle = null! });
        AssertNull("Randomizer", () => valid with { Randomizer = null! });
        AssertOutOfRange("Resend", () => new SseOptions { Resend = (SseResend)3 });
        AssertOutOfRange("Resend", () => new SseOptions { Resend = (SseResend)(-1) });
    }

    [Test]
    public void SseReconnection_LimitsOfTheRanges_AreAccepted()
    {
        SseReconnection changed = SseReconnection.Default with
        {
            MaxRetryAttempts = 1,
            Delay = TimeSpan.Zero,
            MaxDelay = TimeSpan.FromDays(1),
            BackoffType = DelayBackoffType.Constant,
        };

        Assert.That(changed with { MaxDelay = null }, Is.Not.EqualTo(changed));
        Assert.That(changed.Delay, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void SseReconnection_EqualSettings_AreEqual()
    {
        SseReconnection[] presets = [SseReconnection.Default, SseReconnection.Strict, SseReconnection.Never];

        Assert.That(presets, Is.Unique);
        Assert.That(new SseReconnection(), Is.EqualTo(SseReconnection.Default));
        Assert.That(presets.Select(preset => preset with { MaxRetryAttempts = 2 }), Is.Unique);
        Assert.That(
            SseReconnection.Strict with { MaxRetryAttempts = 2 },
            Is.EqualTo(SseReconnection.Strict with { MaxRetryAttempts = 2 }));
    }

    [Test]
    public void FromSse_StrategyOptionsOutOfRange_AreRefusedAtTheCall([Values] bool aroundOutage)
    {
        Action<ResiliencePipelineBuilder<HttpResponseMessage>> configure = builder => builder.AddTimeout(TimeSpan.Zero);
        var options = new SseOptions
        {
            Reconnection = aroundOutage
                ? SseReconnection.Default with { ConfigureOutage = configure }
                : SseReconnection.Default with { ConfigureAttempt = configure },
        };

        Assert.That(() => Observable.FromSse(_client, "http://test", options), Throws.TypeOf<ValidationException>());
    }

    private static void AssertNull(string name, Func<object> call) =>
        Assert.That(() => call(), Throws.ArgumentNullException.With.Property("ParamName").EqualTo(name));

    private static void AssertOutOfRange(string name, Func<object> call) =>
        Assert.That(
            () => call(), Throws.TypeOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo(name));
}
