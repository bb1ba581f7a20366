namespace Rx.Sse.Testing;

/// <summary>What was recorded is not what was expected. A test that does not catch it fails.</summary>
public sealed class SseAssertException : Exception
{
    /// <summary>Makes one with a message.</summary>
    public SseAssertException(string message)
        : base(message)
    {
    }
}
