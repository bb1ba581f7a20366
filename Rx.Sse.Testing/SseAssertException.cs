namespace Rx.Sse.Testing;

/// <summary>The exception that is thrown when an assertion of <see cref="SseAssert"/> fails.</summary>
public sealed class SseAssertException : Exception
{
    /// <summary>Initializes a new instance with a message.</summary>
    /// <param name="message">The message.</param>
    public SseAssertException(string message)
        : base(message)
    {
    }
}
