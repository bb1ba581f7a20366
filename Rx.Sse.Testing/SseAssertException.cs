namespace Rx.Sse.Testing;

/// <summary>What was recorded is not what was expected. Every test framework takes it for a failed assertion.</summary>
public sealed class SseAssertException : Exception
{
    /// <summary>Makes one with a message.</summary>
    public SseAssertException(string message)
        : base(message)
    {
    }
}
