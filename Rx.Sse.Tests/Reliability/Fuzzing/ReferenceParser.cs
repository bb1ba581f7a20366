using System.Globalization;
using System.Numerics;
using System.Text;

namespace Rx.Sse.Tests.Reliability.Fuzzing;

/// <summary>
/// The event stream interpretation of WHATWG HTML 9.2.6 as the text describes it, in slow and simple code: the whole
/// input is decoded, then split into lines, then read line by line. The incremental parser is compared with it.
/// </summary>
internal static class ReferenceParser
{
    public static StreamLog Parse(byte[] input, string lastEventId = "")
    {
        var log = new StreamLog { LastEventId = lastEventId };

        // "Streams must be decoded using the UTF-8 decode algorithm", which strips one leading byte order mark.
        string text = ReferenceDecoder.Decode(input);
        if (text.StartsWith('\uFEFF'))
            text = text[1..];

        List<string> lines = SplitLines(text);

        string data = "";
        string? eventType = null, id = null;
        TimeSpan? retry = null;
        foreach (string line in lines)
        {
            if (line.Length == 0)
            {
                if (id is not null)
                    log.LastEventId = id;
                if (data.Length > 0)
                {
                    log.Items.Add(new SseEvent
                    {
                        Data = data[..^1],
                        Event = eventType,
                        Id = id,
                        Retry = retry,
                        LastEventId = log.LastEventId,
                    });
                }

                data = "";
                (eventType, id, retry) = (null, null, null);
                continue;
            }

            if (line[0] == ':')
            {
                log.Items.Add(new Comment(line[1..]));
                continue;
            }

            string[] parts = line.Split(':', 2);
            string value = parts.Length == 1 ? "" : parts[1];
            if (value.StartsWith(' '))
                value = value[1..];

            switch (parts[0])
            {
                case "data":
                    data += value + "\n";
                    break;
                case "event":
                    eventType = value;
                    break;
                case "id" when !value.Contains('\0'):
                    id = value;
                    break;
                case "retry" when value.Length > 0 && value.All(char.IsAsciiDigit):
                    retry = Milliseconds(value);
                    log.Items.Add(new ReconnectionTime(retry.Value));
                    break;
            }
        }

        return log;
    }

    /// <summary>Returns the complete lines. Text after the last line end is not one of them.</summary>
    private static List<string> SplitLines(string text)
    {
        var lines = new List<string>();
        var line = new StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is not ('\r' or '\n'))
            {
                line.Append(text[i]);
                continue;
            }

            if (text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n')
                i++;
            lines.Add(line.ToString());
            line.Clear();
        }

        return lines;
    }

    private static TimeSpan Milliseconds(string digits)
    {
        BigInteger largest = long.MaxValue / TimeSpan.TicksPerMillisecond;
        BigInteger value = BigInteger.Min(BigInteger.Parse(digits, CultureInfo.InvariantCulture), largest);
        return TimeSpan.FromTicks((long)value * TimeSpan.TicksPerMillisecond);
    }
}
