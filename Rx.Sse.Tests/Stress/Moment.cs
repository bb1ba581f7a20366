namespace Rx.Sse.Tests.Stress;

/// <summary>
/// When a subscriber leaves: right after it has subscribed, at a random time, or at the first notification of a kind.
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
