namespace Rx.Sse.Samples.Chat;

/// <summary>There is no answer, or only a part of it. The message says why, in the provider's words.</summary>
internal sealed class ChatException(string message, Exception? innerException = null)
    : SseException(message, innerException);
