using System.Text;

namespace Rx.Sse.Benchmarks.Inputs;

/// <summary>The letters of words, and their maximum number in a word.</summary>
internal sealed record Alphabet(Rune[] Letters, int LongestWord)
{
    public Alphabet(string letters, int longestWord)
        : this([.. letters.EnumerateRunes()], longestWord)
    {
    }
}
