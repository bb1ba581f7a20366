using System.Text;

namespace Rx.Sse.Benchmarks.Inputs;

/// <summary>Creates text from words of random lengths.</summary>
internal sealed class Words(Script script, Random random)
{
    private readonly StringBuilder _text = new();

    /// <summary>Returns text of that many bytes of UTF-8, or up to three more to complete the last character.</summary>
    public string Next(int bytes)
    {
        _text.Clear();
        Alphabet alphabet = script.Main;
        int left = random.Next(1, alphabet.LongestWord + 1);
        for (int length = 0; length < bytes; left--)
        {
            Rune letter = random.GetItem(left == 0 ? script.Separators : alphabet.Letters);
            length += letter.Utf8SequenceLength;
            Append(letter);
            if (left == 0)
            {
                alphabet = random.NextDouble() < script.OtherShare ? script.Other : script.Main;
                left = random.Next(2, alphabet.LongestWord + 2);
            }
        }

        return _text.ToString();
    }

    private void Append(Rune letter)
    {
        Span<char> units = stackalloc char[2];
        _text.Append(units[..letter.EncodeToUtf16(units)]);
    }
}
