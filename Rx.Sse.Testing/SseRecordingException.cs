namespace Rx.Sse.Testing;

/// <summary>The exception that is thrown when a recording cannot be read.</summary>
/// <remarks>The text is not a recording, is damaged, or has a format of a later version.</remarks>
public sealed class SseRecordingException : FormatException
{
    /// <summary>Initializes a new instance with a message and the number of a line.</summary>
    /// <param name="message">The message.</param>
    /// <param name="line">The number of the line, from 1.</param>
    public SseRecordingException(string message, int line)
        : base($"Line {line} of the recording: {message}") => Line = line;

    /// <summary>Gets the number of the line with the error, from 1.</summary>
    public int Line { get; }
}
