namespace Rx.Sse.Testing;

/// <summary>The exception that is thrown when a <see cref="SseTestServer"/> cannot serve a request.</summary>
/// <remarks>
/// No script is left for the request, the rule has failed, the body of the request is not in memory, or the test runs
/// on a task scheduler, on which virtual time does not work. The base class is that of exceptions with which
/// <see cref="HttpClient"/> refuses a request, so that a stream fails with it and does not retry.
/// </remarks>
public sealed class SseScriptException : InvalidOperationException
{
    /// <summary>Initializes a new instance with a message and, optionally, the exception that caused it.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause; null for none.</param>
    public SseScriptException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
