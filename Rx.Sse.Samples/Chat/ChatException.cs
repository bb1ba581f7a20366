namespace Rx.Sse.Samples.Chat;

/// <summary>There is no answer, or not the whole of it, and the message says why.</summary>
internal sealed class ChatException(string message, Exception? innerException = null)
    : SseException(message, innerException);
