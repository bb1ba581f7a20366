namespace Rx.Sse.Samples.Chat;

/// <summary>What becomes known while an answer is made. An error is the end of the stream instead.</summary>
internal abstract record AnswerPart;

/// <summary>The next piece of the answer.</summary>
internal sealed record AnswerText(string Text) : AnswerPart;

/// <summary>The request was refused for that reason, and will be sent again after that time.</summary>
internal sealed record AnswerDelayed(TimeSpan Delay, string Reason) : AnswerPart;

/// <summary>The model says that it stopped: the answer is whole.</summary>
internal sealed record AnswerFinished : AnswerPart;
