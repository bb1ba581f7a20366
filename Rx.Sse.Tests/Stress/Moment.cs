namespace Rx.Sse.Tests.Stress;

/// <summary>
/// When a subscriber leaves: right after it has subscribed, at any time at all, or with the first notification of a
/// kind.
/// </summary>
internal enum Moment
{
    AtOnce,
    AnyTime,
    Connecting,
    Opened,
    Event,
    Disconnected,
    Failed,
    Completed,
}
