namespace Rx.Sse.Samples.Chat;

/// <summary>How a provider is asked, and how it answers.</summary>
internal interface IChatApi
{
    /// <summary>
    /// The answer to the last message, piece by piece. Cold: every subscription asks once, and is not asked again by
    /// itself, because an answer costs money. Disposing of it closes the connection, and a provider stops there. Fails
    /// with an <see cref="SseException"/> unless the answer is whole; what had come by then has been delivered.
    /// </summary>
    IObservable<string> Answer(IReadOnlyList<ChatMessage> conversation);
}
