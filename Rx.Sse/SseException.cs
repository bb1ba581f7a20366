namespace Rx.Sse;

/// <summary>
/// An event stream failed. What an observer gets as its error is always one of these, except what a selector of the
/// caller's or the source of <c>ParseSse</c> throws: that comes as it is. The exception of the network, of a handler or
/// of a policy is its <see cref="Exception.InnerException"/>.
/// </summary>
public class SseException : Exception
{
    /// <summary>Makes one with a message and, if something else caused it, that.</summary>
    public SseException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
