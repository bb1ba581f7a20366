namespace Rx.Sse.Testing;

/// <summary>
/// A test's request cannot be served: no connection is left for it, its rule failed, its body is not in memory, or it
/// runs where virtual time can't be kept.
/// </summary>
/// <remarks>
/// It is an <see cref="InvalidOperationException"/>, as are those with which <see cref="HttpClient"/> refuses a
/// request, so that a stream fails with it and does not try again.
/// </remarks>
public sealed class SseScriptException : InvalidOperationException
{
    /// <summary>Makes one with a message and, if something else caused it, that.</summary>
    public SseScriptException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
