using System.Globalization;
using System.Text;

namespace Rx.Sse.Benchmarks.Inputs;

/// <summary>Writes the blocks of a kind, and the comments between them.</summary>
internal sealed class BlockWriter(Kind kind, Random random)
{
    private const int FirstCounter = 100_000;
    private const int LongestUnknown = 20;

    private static readonly string[] CommentTexts = ["heartbeat", "keep-alive", ""];
    private static readonly string[] UnknownNames = ["trace", "x-cost", "Data"];
    private static readonly int[] RetryTimes = [1_000, 3_000, 5_000, 15_000];

    private readonly string[] _eventTypes =
        kind.Payload == Payload.Anthropic ? ["content_block_delta"] : ["update", "tick", "item.created"];

    private readonly string _colon = kind.SpaceAfterColon ? ": " : ":";
    private readonly EventData _data = new(kind, random);
    private readonly Words _asciiWords = new(Script.Ascii, random);
    private int _count;

    /// <summary>Appends one event, and returns its data lines.</summary>
    public string[] Next(StringBuilder text)
    {
        _count++;
        for (int i = random.Next(2 * kind.Comments + 1); i > 0; i--)
            text.Append(Line("", random.GetItem(CommentTexts))).Append(kind.BlankLineAfterComment ? kind.LineEnd : "");

        int dataIndex = Array.IndexOf(kind.Fields, Field.Data);
        string before = string.Concat(kind.Fields[..dataIndex].Select(OtherField));
        string after = string.Concat(kind.Fields[(dataIndex + 1)..].Select(OtherField));
        int size = random.NextSize(kind.EventSize) - before.Length - after.Length - kind.LineEnd.Length;
        string[] lines = _data.Next(size, Line("data", "").Length);

        text.Append(before);
        foreach (string line in lines)
            text.Append(Line("data", line));
        text.Append(after).Append(kind.LineEnd);
        return lines;
    }

    private string Line(string name, string value) => $"{name}{_colon}{value}{kind.LineEnd}";

    private string OtherField(Field field) => field switch
    {
        Field.Event => Line("event", random.GetItem(_eventTypes)),
        Field.Id => Line("id", NextId()),
        Field.Retry => Line("retry", random.GetItem(RetryTimes).ToString(CultureInfo.InvariantCulture)),
        _ => Line(random.GetItem(UnknownNames), _asciiWords.Next(random.Next(1, LongestUnknown + 1))),
    };

    private string NextId()
    {
        int number = FirstCounter + _count;
        switch (kind.Id)
        {
            case IdForm.Counter:
                return number.ToString(CultureInfo.InvariantCulture);
            case IdForm.Json:
                return $$"""[{"topic":"changes","partition":{{random.Next(8)}},"offset":{{number}}}]""";
            default:
                byte[] bytes = new byte[16];
                random.NextBytes(bytes);
                return new Guid(bytes).ToString();
        }
    }
}
