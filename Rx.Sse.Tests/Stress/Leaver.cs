namespace Rx.Sse.Tests.Stress;

/// <summary>
/// Who ends a subscription: the current thread, another thread, three others at once, or an exception of the observer.
/// </summary>
internal enum Leaver
{
    Itself,
    Another,
    Several,
    Exception,
}
