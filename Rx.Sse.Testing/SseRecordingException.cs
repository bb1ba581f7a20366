namespace Rx.Sse.Testing;

/// <summary>
/// The exception that is thrown when a text is not a recording, is damaged, or has a format that this version of the
/// library does not know.
/// </summary>
public sealed class SseRecordingException : FormatException
{
    /// <summary>Initializes a new instance.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="line">The number of the line, from 1.</param>
    public SseRecordingException(string message, int line)
        : base($"Line {line} of the recording: {message}") => Line = line;

    /// <summary>Gets the number of the line where the error is, from 1.</summary>
    public int Line { get; }
}
