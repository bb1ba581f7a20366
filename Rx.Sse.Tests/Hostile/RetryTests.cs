using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Hostile;

/// <summary>When a stream reconnects after a server has asked for an unusual delay. Times are in seconds.</summary>
internal sealed class RetryTests
{
    private const double Floor = 0.1;
    private const double Default = 3;
    private const double Ceiling = int.MaxValue / 1000.0;

    /// <summary>In one test, because test runners have trouble with names like these.</summary>
    private static readonly (string Text, double Seconds)[] Values =
    [
        ("0", Floor), ("1", Floor), ("99", Floor), ("00000000000000000000000000101", 0.101),
        ("2147483646", 2147483.646), ("2147483648", Ceiling), ("9223372036854775807", Ceiling),
        ("18446744073709551617", Ceiling), (new string('9', 400), Ceiling), (new string('0', 400), Floor),
        ("", Default), ("+5", Default), ("-5", Default), (" 5", Default), ("5 ", Default), ("5\t", Default),
        ("5.0", Default), ("0x5", Default), ("5e3", Default), ("5\0", Default), ("\u0665", Default),
        ("\uFF15", Default), ("\u00B2", Default), ("\uFEFF5", Default),
    ];

    [Test]
    public void Retry_AnyText_IsUsedOrIgnoredWithoutABusyLoop() => Assert.Multiple(() =>
    {
        foreach ((string text, double seconds) in Values)
        {
            Story story = Story.Begin(OpenStream().Send(Zero, $"retry: {text}\n").Close(Zero), NeverAnswer())
                .Until(Ceiling + 1);

            Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0, seconds }), text);
        }
    });
}
