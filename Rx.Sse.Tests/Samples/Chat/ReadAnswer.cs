using Rx.Sse.Samples.Chat;

namespace Rx.Sse.Tests.Samples.Chat;

/// <summary>The answer that a reader has assembled from events.</summary>
internal sealed record ReadAnswer(string Text, bool IsWhole, string? Error, string LastWords)
{
    public static ReadAnswer Of(params IEnumerable<string> data) => Of(data.Select(d => new SseEvent { Data = d }));

    public static ReadAnswer Of(IEnumerable<SseEvent> events)
    {
        var reader = new AnswerReader();
        string text = "";
        try
        {
            foreach (AnswerPart part in events.SelectMany(reader.Read))
            {
                if (part is AnswerFinished)
                    return new ReadAnswer(text, true, null, reader.LastWords);
                text += ((AnswerText)part).Text;
                Assert.That(reader.HasBegun);
            }
        }
        catch (ChatException error)
        {
            return new ReadAnswer(text, false, error.Message, reader.LastWords);
        }

        return new ReadAnswer(text, false, null, reader.LastWords);
    }
}
