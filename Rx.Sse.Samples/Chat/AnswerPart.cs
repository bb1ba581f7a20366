namespace Rx.Sse.Samples.Chat;

/// <summary>A part of the stream of an answer. An error ends the stream instead.</summary>
internal abstract record AnswerPart;

/// <summary>The next piece of the text.</summary>
internal sealed record AnswerText(string Text) : AnswerPart;

/// <summary>The server has refused the request for this reason. It is sent again after this time.</summary>
internal sealed record AnswerDelayed(TimeSpan Delay, string Reason) : AnswerPart;

/// <summary>The model says that the answer is complete.</summary>
internal sealed record AnswerFinished : AnswerPart;

/// <summary>
/// There is no answer, or only a part of it. The message says why, in the provider's words if possible.
/// </summary>
internal sealed class ChatException(string message, Exception? innerException = null)
    : SseException(message, innerException);
